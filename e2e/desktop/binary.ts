export { findElectronBinary } from '../../scripts/electron-binary.mjs';
export { launchElectron } from '../../scripts/electron-launch.mjs';

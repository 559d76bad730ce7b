import { ownTemporaryFolder } from '../electron/fixtures/temporary-folder.fixture.ts';

/** What the end-to-end tests and their browsers write goes when the run has ended. */
export default ownTemporaryFolder;

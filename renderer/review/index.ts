export { MeshReview } from './MeshReview.tsx';

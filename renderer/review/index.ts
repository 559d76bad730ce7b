export { MeshReview, type MeshReviewProps } from './MeshReview.tsx';
export type { ReviewPlane } from './ReviewTools.tsx';

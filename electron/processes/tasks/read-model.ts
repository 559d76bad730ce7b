import { readModelPackage } from '../../ports/onnx/package.ts';
import type { Task } from '../protocol.ts';

/** A model package or file, read where foreign bytes may be read (12-package). Throws Refusal with every reason found. */
export const readModel: Task<'readModel'> = ({ path }) => readModelPackage(path);

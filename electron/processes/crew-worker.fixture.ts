import { serveCrew } from './crew-serve.ts';
import { sumPart } from './sum-part.fixture.ts';

serveCrew({ sumPart });

import { crewParts } from './crew-parts.ts';
import { serveCrew } from './crew-serve.ts';

serveCrew(crewParts);

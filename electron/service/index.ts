import { Hono } from 'hono';
import { createJobs } from './jobs.ts';
import { createOpenCases } from './open-cases.ts';
import type { Ports } from './ports.ts';
import { BadRequest, toProblem } from './problems.ts';
import { acquisitionRoutes } from './routes/acquisition.ts';
import { caseRoutes } from './routes/cases.ts';
import { contourRoutes } from './routes/contours.ts';
import { effectRoutes } from './routes/effects.ts';
import { evaluationRoutes } from './routes/evaluation.ts';
import { experimentRoutes } from './routes/experiment.ts';
import { jobRoutes } from './routes/jobs.ts';
import { labelRoutes } from './routes/labels.ts';
import { machineRoutes } from './routes/machine.ts';
import { markupRoutes } from './routes/markups.ts';
import { meshFileRoutes } from './routes/mesh-files.ts';
import { meshRoutes } from './routes/meshes.ts';
import { modelRoutes } from './routes/models.ts';
import { objectRoutes } from './routes/objects.ts';
import { patchRoutes } from './routes/patches.ts';
import { preprocessingRoutes } from './routes/preprocessing.ts';
import { reviewRoutes } from './routes/review.ts';
import { scriptRoutes } from './routes/scripts.ts';
import { segmentRoutes } from './routes/segments.ts';

/**
 * The service: one Fetch-API app. The three shells hand it requests and nothing else; it never throws, failures are problem+json.
 */
export function createService(ports: Ports) {
  const jobs = createJobs(ports);
  const open = createOpenCases(ports);
  const rooms = { ports, jobs, open };
  const app = new Hono();
  app.route('/api', machineRoutes(rooms));
  app.route('/api', acquisitionRoutes(rooms));
  app.route('/api', jobRoutes(rooms));
  app.route('/api/cases', caseRoutes(rooms));
  app.route('/api/cases', segmentRoutes(rooms));
  app.route('/api/cases', effectRoutes(rooms));
  app.route('/api/cases', contourRoutes(rooms));
  app.route('/api/cases', reviewRoutes(rooms));
  app.route('/api/cases', markupRoutes(rooms));
  app.route('/api/cases', objectRoutes(rooms));
  app.route('/api/cases', patchRoutes(rooms));
  app.route('/api/cases', preprocessingRoutes(rooms));
  app.route('/api', labelRoutes(rooms));
  app.route('/api', modelRoutes(rooms));
  app.route('/api', experimentRoutes(rooms));
  app.route('/api', scriptRoutes(rooms));
  app.route('/api', meshFileRoutes(rooms));
  app.route('/api', meshRoutes(rooms));
  app.route('/api', evaluationRoutes(rooms));
  app.onError((error) => problemResponse(toProblem(error, ports.log)));
  app.notFound((c) =>
    problemResponse(toProblem(new BadRequest(`No such route: ${c.req.method} ${new URL(c.req.url).pathname}`), ports.log)),
  );
  return {
    fetch: async (request: Request): Promise<Response> => app.fetch(request),
    runningJobs: () => jobs.runningCount(),
    async close(): Promise<void> {
      await jobs.endAll();
      await open.closeAll();
    },
  };
}

function problemResponse(problem: ReturnType<typeof toProblem>): Response {
  const body = JSON.stringify(problem);
  return new Response(body, { status: problem.status, headers: { 'content-type': 'application/problem+json' } });
}

import { Hono } from 'hono';
import { evaluateCaseRequest, evaluateRequest } from '../../../contract/evaluation.ts';
import { evaluateFiles, evaluateSegment } from '../steps/evaluation/evaluate.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** 11: a result against a truth, of files or of an open case. */
export function evaluationRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.post('/evaluate', async (c) => {
    const request = await bodyOf(c, evaluateRequest);
    return accepted(c, rooms, 'Evaluate', (context) => evaluateFiles(ports, request, context));
  });
  app.post('/cases/:case/evaluate', async (c) => {
    const request = await bodyOf(c, evaluateCaseRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Evaluate', (context) => evaluateSegment(ports, session, request, context), session.id);
  });
  return app;
}

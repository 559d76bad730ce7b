import { Hono } from 'hono';
import { type AcquisitionCheck, acquisitionProfile, checkRequest } from '../../../contract/acquisition.ts';
import { chooseSeries } from '../choose.ts';
import { BadRequest } from '../problems.ts';
import { checkAcquisition, subjectInCase } from '../steps/preparation/acquisition-check.ts';
import { filesOf } from '../steps/preparation/files.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** 7.3 and Annex A: checks of scans, and the profiles that they are held against. */
export function acquisitionRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  async function checkOf(id: string, uid: string | null, profile: string | null): Promise<AcquisitionCheck | undefined> {
    const state = open.get(id).state();
    const subject = subjectInCase(state, chooseSeries(state, uid));
    const [check] = await checkAcquisition(ports, { subjects: [subject] }, profile);
    return check;
  }
  app.post('/check', async (c) => {
    const { paths, seriesInstanceUid, profile } = await bodyOf(c, checkRequest);
    const absolute = paths.map((path) => ports.files.absolute(path));
    return accepted(c, rooms, 'Check series', async (context) => {
      const [check] = await checkAcquisition(ports, { paths: absolute, seriesInstanceUid }, profile, context);
      return check;
    });
  });
  app.get('/profiles', async (c) => {
    const shelf = await ports.profiles.list();
    const { faults } = await ports.profiles.kernels();
    return c.json({ ...shelf, faults: [...shelf.faults, ...faults] });
  });
  app.put('/profiles/:id', async (c) => {
    const profile = await bodyOf(c, acquisitionProfile);
    if (profile.id !== c.req.param('id')) throw new BadRequest(`id: the profile calls itself ${profile.id}`);
    const clash = await ports.profiles.clash(profile);
    if (clash !== null) throw new BadRequest(clash);
    await ports.profiles.save(profile);
    return c.body(null, 204);
  });
  app.delete('/profiles/:id', async (c) => {
    await ports.profiles.remove(c.req.param('id'));
    return c.body(null, 204);
  });
  app.get('/cases/:case/series/:uid/check', async (c) => {
    return c.json(await checkOf(c.req.param('case'), c.req.param('uid'), c.req.query('profile') ?? null));
  });
  app.get('/cases/:case/check', async (c) =>
    c.json(await checkOf(c.req.param('case'), c.req.query('series') ?? null, c.req.query('profile') ?? null)),
  );
  app.get('/cases/:case/files', async (c) => c.json(await filesOf(open.get(c.req.param('case')))));
  return app;
}

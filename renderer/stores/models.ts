import { create } from 'zustand';
import { type ModelEntry, modelEntry } from '../../contract/model.ts';
import { api } from '../api/client.ts';
import { JobCancelled, runJob } from './jobs.ts';
import { tellProblem } from './notices.ts';

/** The model packages as the service lists them; null until they have been read. */
export const useModels = create<{ models: ModelEntry[] | null; deploying: string | null }>()(() => ({ models: null, deploying: null }));

export async function loadModels(): Promise<void> {
  try {
    useModels.setState({ models: await api.models() });
  } catch (cause) {
    tellProblem('Reading the models', cause);
  }
}

/** Takes one package through the deployment process of clause 12; what it found stands in the list, whatever it was. */
export async function deployModel(id: string): Promise<void> {
  useModels.setState({ deploying: id });
  try {
    const entry = modelEntry.parse(await runJob(api.deployModel(id)));
    useModels.setState((s) => ({ models: s.models?.map((m) => (m.id === id ? entry : m)) ?? null }));
  } catch (cause) {
    if (!(cause instanceof JobCancelled)) tellProblem(`Check ${id}`, cause);
    await loadModels();
  } finally {
    useModels.setState({ deploying: null });
  }
}

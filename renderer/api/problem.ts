import { type Coded, type Problem, problem, type ReasonCode } from '../../contract/errors.ts';

/** An answer that is not a success, as the service said it (RFC 9457). Shown with its code and its remedy, never as a bare 'error'. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly code: ReasonCode | null;
  readonly reasons: Coded[];
  readonly remedy: string | null;
  readonly report: unknown;
  constructor(body: Problem) {
    super(body.detail || body.title);
    this.name = 'ApiProblem';
    this.status = body.status;
    this.title = body.title;
    this.detail = body.detail;
    this.code = body.code ?? null;
    this.reasons = body.reasons ?? [];
    this.remedy = body.remedy ?? null;
    this.report = body.report;
  }
}

/** The service cannot be reached: nothing is known about the request, what was answered before is safe. */
export class ServiceLost extends Error {
  constructor() {
    super('The Lamina service does not answer');
    this.name = 'ServiceLost';
  }
}

/** The problem that an unsuccessful response carries; a response without one still gets a sentence and a remedy. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const text = await response.text().catch(() => '');
  try {
    const parsed = problem.safeParse(JSON.parse(text));
    if (parsed.success) return new ApiProblem(parsed.data);
  } catch {
    // not JSON: fall through to the sentence for the status
  }
  if (response.status === 401 || response.status === 403)
    return new ApiProblem({
      type: 'about:blank',
      title: 'This page has lost its key',
      status: response.status,
      detail: 'Each start of Lamina has its own key, and this page was opened with another one.',
      remedy: 'Open the address that Lamina printed when it started.',
    });
  return new ApiProblem({
    type: 'about:blank',
    title: 'Lamina could not do this',
    status: response.status,
    detail: `The service answered ${response.status} ${response.statusText}`.trim(),
    remedy: 'The case is as it was. Try again; if it stays, restart Lamina.',
  });
}

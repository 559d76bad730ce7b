export type UnitReport = {
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; duration?: number | null; failureMessages: string[] }[];
  }[];
};
type Spec = { title: string; tests: { results: { status: string; duration: number; error?: { message?: string } }[] }[] };
export type Suite = { title: string; file?: string; suites?: Suite[]; specs?: Spec[] };

export function unitFailures(report: UnitReport, root: string): string[];
export function e2eFailures(report: { suites: Suite[]; errors?: { message?: string }[] }): string[];

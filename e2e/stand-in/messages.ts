/** What a test and the stand-in's process say to each other over the fork's channel. */
export interface FrameFacts {
  url: string;
  top: boolean;
  ownWindow: boolean;
}
export type Order =
  | { id: number; act: 'invoke'; channel: string; received: unknown[]; frame: FrameFacts }
  | { id: number; act: 'emit'; on: 'app' | 'window' | 'contents' | 'session' | 'powerMonitor'; event: string; received: unknown[] }
  | { id: number; act: 'answer-dialog'; value: unknown }
  | { id: number; act: 'may-request'; url: string; session: 'window' | 'default' }
  | { id: number; act: 'permissions' }
  | { id: number; act: 'record' };

export interface Call {
  name: string;
  received: unknown[];
  ready: boolean;
}
export type Report =
  | { kind: 'loaded'; port: number; url: string }
  | { kind: 'violation'; message: string }
  | { kind: 'sent'; channel: string; received: unknown[] }
  | { kind: 'result'; id: number; value?: unknown; error?: string };

import createClient from 'openapi-fetch';
import type { components, paths } from '../../.generated/api.d.ts';

export type Schemas = components['schemas'];
export type Prediction = Schemas['Prediction'];
export type Role = Schemas['Role'];

/** What the server refused (RFC 9457), or that it could not be reached. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number; ///< of HTTP; 0: the server did not answer
  readonly type: string; ///< "urn:naevus:problem:…", "unreachable"
  readonly advice: string; ///< what to do
  readonly requestId: string; ///< to be found in the server's log
  readonly retryAfter: number; ///< seconds; 0: the server did not say when

  /** @param message  what is wrong and where, in the server's words */
  constructor(status: number, type: string, message: string, advice = '', requestId = '', retryAfter = 0) {
    super(message);
    this.status = status;
    this.type = type;
    this.advice = advice;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

let csrfToken = '';
const onRefusal = new Set<(problem: Problem) => void>();

/** Whoever wants to know that a request was refused, for instance since the session has ended. */
export function whenRefused(listen: (problem: Problem) => void): () => void {
  onRefusal.add(listen);
  return () => onRefusal.delete(listen);
}

/** The session's token, which every request that changes something must carry. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The server's refusal as an error. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  return new Problem(
    response.status,
    text(body['type']) || `http-${response.status}`,
    text(body['detail']) || text(body['title']) || `HTTP ${response.status}`,
    text(body['advice']),
    text(body['request_id']) || (response.headers.get('X-Request-Id') ?? ''),
    Number(response.headers.get('Retry-After')) || 0,
  );
}

/**
 * fetch() for this server: with the session's token.
 * @throws Problem where it refuses or can't be reached; AbortError where the signal says so
 */
export async function request(input: Request | string, init: RequestInit = {}): Promise<Response> {
  const asked = new Request(input, { credentials: 'same-origin', ...init });
  if (csrfToken && asked.method !== 'GET' && asked.method !== 'HEAD') asked.headers.set('X-CSRF-Token', csrfToken);
  let response: Response;
  try {
    response = await fetch(asked);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'unreachable', String(error));
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  for (const listen of onRefusal) listen(problem);
  throw problem;
}

/** The routes of api/openapi.yaml, typed from it: `(await api.GET('/api/v1/models')).data`. Throws as request() does. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: request });

/** What a request that was not refused brought. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

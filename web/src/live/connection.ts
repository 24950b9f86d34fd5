import { fromPrediction } from '../lib/answer.ts';
import type { Answer } from '../lib/answer.ts';
import { Problem } from '../lib/api.ts';
import type { Prediction } from '../lib/api.ts';

interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

function problemIn(text: unknown): Problem | undefined {
  if (typeof text !== 'object' || text === null || !('status' in text)) return undefined;
  const said = text as { status: number; type?: string; detail?: string; advice?: string; request_id?: string };
  return new Problem(said.status, said.type ?? '', said.detail ?? '', said.advice ?? '', said.request_id ?? '');
}

/** The server's WebSocket for a camera's frames. It keeps nothing of them. */
export class Connection {
  private socket: WebSocket | undefined;
  private waiting: Waiting | undefined;

  /**
   * What the model sees in a frame. One is asked for at a time.
   * @throws Problem of status 0 where the connection is lost; the next call makes a new one
   */
  async ask(frame: Blob): Promise<Answer> {
    const socket = await this.open();
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      socket.send(frame);
    });
  }

  close(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  private async open(): Promise<WebSocket> {
    if (this.socket?.readyState === WebSocket.OPEN) return this.socket;
    const address = new URL('/api/v1/live', location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = new WebSocket(address);
    this.socket = socket;
    const lost = () => new Problem(0, 'unreachable', 'the connection was lost');
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('close', () => {
        reject(lost());
        this.waiting?.reject(lost());
        this.waiting = undefined;
      });
    });
    socket.addEventListener('message', ({ data }) => this.take(String(data)));
    return socket;
  }

  private take(text: string): void {
    const { answer } = JSON.parse(text) as { answer: unknown };
    const waiting = this.waiting;
    this.waiting = undefined;
    const problem = problemIn(answer);
    if (problem) waiting?.reject(problem);
    else waiting?.resolve(fromPrediction(answer as Prediction));
  }
}

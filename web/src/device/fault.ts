/** Why this device can't answer: `device:fault_CODE` says it, `device:fault_CODE_advice` what to do. */
export type FaultCode =
  | 'animated'
  | 'damaged'
  | 'empty'
  | 'hash'
  | 'insecure'
  | 'model'
  | 'no_map'
  | 'no_model'
  | 'no_number'
  | 'not_a_picture'
  | 'preparation'
  | 'runtime'
  | 'server_only'
  | 'too_large'
  | 'worker';

export class Fault extends Error {
  override name = 'Fault';
  readonly code: FaultCode;
  readonly values: Record<string, string>;

  constructor(code: FaultCode, values: Record<string, string> = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

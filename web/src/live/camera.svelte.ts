/** Why there is no picture: what the browser said, as far as it helps who holds the camera. */
export type CameraFault = 'insecure' | 'refused' | 'none' | 'busy' | 'unknown';

function faultOf(error: unknown): CameraFault {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'unknown';
}

/** This device's cameras, and the one that is on. */
export class Camera {
  stream = $state.raw<MediaStream>();
  fault = $state<CameraFault>();
  lenses = $state.raw<MediaDeviceInfo[]>([]);
  lens = $state('');
  hasTorch = $state(false);
  torch = $state(false);

  /** @param lens  a device's id; left out: the one that looks away from the holder */
  async start(lens = this.lens): Promise<void> {
    this.stop();
    this.fault = undefined;
    const devices = navigator.mediaDevices as MediaDevices | undefined; // there on secure pages alone
    if (!devices) {
      this.fault = 'insecure';
      return;
    }
    const size = { width: { ideal: 1920 }, height: { ideal: 1080 } };
    const which = lens ? { deviceId: { exact: lens } } : { facingMode: { ideal: 'environment' } };
    try {
      this.stream = await devices.getUserMedia({ audio: false, video: { ...size, ...which } });
    } catch (error) {
      this.fault = faultOf(error);
      return;
    }
    const track = this.stream.getVideoTracks()[0];
    this.lens = track?.getSettings().deviceId ?? '';
    const able = track?.getCapabilities?.() as { torch?: boolean } | undefined; // not yet in the DOM's types
    this.hasTorch = able?.torch === true;
    track?.addEventListener('ended', () => {
      this.stop();
      this.fault = 'busy';
    });
    this.lenses = (await devices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
  }

  async light(on: boolean): Promise<void> {
    const track = this.stream?.getVideoTracks()[0];
    await track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
    this.torch = on;
  }

  stop(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.hasTorch = this.torch = false;
  }
}

/** The square amid the picture, where the guide is. */
export function frameOf(video: HTMLVideoElement): { x: number; y: number; side: number } {
  const side = Math.min(video.videoWidth, video.videoHeight);
  return { x: (video.videoWidth - side) / 2, y: (video.videoHeight - side) / 2, side };
}

/**
 * What is inside the guide now, as a JPEG.
 * @param longest  its side at most, in pixels
 */
export async function still(video: HTMLVideoElement, longest: number): Promise<Blob> {
  const { x, y, side } = frameOf(video);
  const size = Math.min(side, longest);
  const canvas = new OffscreenCanvas(size, size);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('this browser has no canvas');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(video, x, y, side, side, 0, 0, size, size);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
}

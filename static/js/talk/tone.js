// A soft sound of our own making; browsers allow it only after somebody has touched the page.
const SECONDS = 0.5;

/** Two short tones. */
export class Tone {
  #audio = null;

  constructor() {
    for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => this.prepare(), { once: true });
  }

  /** Whether a sound would be heard now. */
  get isReady() {
    return this.#audio?.state === "running";
  }

  /** Get ready; called by a gesture. */
  prepare() {
    if (!globalThis.AudioContext) return;
    this.#audio ??= new AudioContext();
    this.#audio.resume();
  }

  /** Sound; `pitches` in hertz. */
  ring(pitches = [660, 880]) {
    if (!this.#audio) return;
    pitches.forEach((pitch, at) => this.#sound(pitch, this.#audio.currentTime + at * 0.14));
    this.#audio.resume();
  }

  #sound(pitch, begin) {
    const tone = this.#audio.createOscillator();
    const volume = this.#audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.1, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + SECONDS - 0.12);
    tone.connect(volume).connect(this.#audio.destination);
    tone.start(begin);
    tone.stop(begin + SECONDS);
  }
}

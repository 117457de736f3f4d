/** Something that tells what happens to it. */
export class Emitter extends EventTarget {
  /** Tell everyone who listens to `name`. */
  tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

// Long polls, for networks that let no socket through.

const POLL_SECONDS = 25;
const PAUSE_MS = 3_000;

/**
 * Ask again and again until `stop`: `events(wait, signal)` asks, `found(answer)` hears; `failed(problem)` says whether
 * to go on.
 */
export class Polling {
  #stopped = new AbortController();

  async run({ events, found, failed }) {
    const { signal } = this.#stopped;
    let wait = 0;
    while (!signal.aborted) {
      try {
        found(await events(wait, signal));
        wait = POLL_SECONDS;
      } catch (problem) {
        if (signal.aborted || !failed(problem)) return;
        wait = 0;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  stop() {
    this.#stopped.abort();
  }
}

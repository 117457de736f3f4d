// Where unacknowledged texts wait: IndexedDB, so that they survive a reload, a crash and a dead battery.
// Without it they live as long as the page.

const DATABASE = "topay-chat";
const STORE = "outbox";

let opening = null;

function open() {
  opening ??= new Promise((resolve) => {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        const store = request.result.createObjectStore(STORE, { keyPath: "mid" });
        store.createIndex("owner", ["owner", "conversation"]);
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
  return opening;
}

/** Run `work(store)` in a transaction; its request's result, or null where there is no database. */
async function run(mode, work) {
  const database = await open();
  if (!database) return null;
  return new Promise((resolve) => {
    try {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request?.result ?? null);
      transaction.onerror = transaction.onabort = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

/** The texts that `owner` still has to send in a conversation, oldest first. */
export async function load(owner, conversation) {
  const found = await run("readonly", (store) => store.index("owner").getAll([owner, conversation]));
  return (found ?? []).sort((a, b) => a.at - b.at || a.turn - b.turn);
}

/** Keep a text until it is acknowledged. */
export function keep(item) {
  return run("readwrite", (store) => store.put(item));
}

/** Forget a text. */
export function forget(mid) {
  return run("readwrite", (store) => store.delete(mid));
}

/** Forget everything: the person signs out of this device. */
export function wipe() {
  return run("readwrite", (store) => store.clear());
}

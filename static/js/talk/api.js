// HTTP calls whose refusals are errors that can be shown.
import { gettext } from "./texts.js";

/** Why something was not done: `code` for programs, the message for people, `retryAfter` in seconds. */
export class Refused extends Error {
  constructor({ code, message, retryAfter = null, by = null, status = 0 }) {
    super(message || gettext("That did not work. Please try again."));
    this.name = "Refused";
    Object.assign(this, { code, retryAfter, by, status });
  }
}

function unreachable() {
  const message = gettext("No connection. Check your network and try again.");
  return new Refused({ code: "unreachable", message });
}

/** The refusal that an answer's JSON describes. */
export function refusal(status, body) {
  const error = body?.error ?? {};
  const { code = "unavailable", message = "", retry_after: retryAfter = null, by = null } = error;
  return new Refused({ code, message, retryAfter, by, status });
}

/** Ask for `path`; the response when it is good. Raises `Refused`. */
export async function ask(path, { method = "GET", body, headers = {}, signal } = {}) {
  const all = { Accept: "application/json", "Accept-Language": document.documentElement.lang, ...headers };
  if (body !== undefined) all["Content-Type"] = "application/json";
  let response;
  try {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const mode = { credentials: "same-origin", cache: "no-store", signal };
    response = await fetch(path, { method, headers: all, body: content, ...mode });
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    throw unreachable();
  }
  if (response.ok) return response;
  throw refusal(response.status, await response.json().catch(() => null));
}

/** Ask for `path` and read the JSON that comes back. Raises `Refused`. */
export async function askJson(path, options) {
  const response = await ask(path, options);
  try {
    return await response.json();
  } catch {
    throw unreachable();
  }
}

/** Send one file; `onProgress` hears how much has gone, 0 to 1. Raises `Refused`. */
export function upload(path, file, { headers = {}, onProgress = () => {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.responseType = "json";
    request.setRequestHeader("Accept-Language", document.documentElement.lang);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.total && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 201) resolve(request.response);
      else reject(refusal(request.status, request.response));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("Cancelled", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

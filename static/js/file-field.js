// A file input that adds to its choice, takes drops and pasted screenshots, and says at once what won't be taken.
const TYPES = /\.(png|jpe?g|webp|pdf|txt)$/i;

/** Enhance `field`, which holds the input and says the limits and words in its data attributes. */
export function enhanceFiles(field) {
  const input = field.querySelector("input[type=file]");
  const words = field.dataset;
  const list = document.createElement("ul");
  list.className = "file-list";
  const status = element("div", "", "");
  status.setAttribute("role", "status");
  status.append(list);
  input.after(status);
  let chosen = [];

  const add = (files) => {
    for (const file of files) if (!chosen.some((other) => isSame(other, file))) chosen.push(file);
    show();
  };
  const show = () => {
    const room = Number(words.maxFiles) - field.querySelectorAll("[name=kept]").length;
    let taken = 0;
    const rows = chosen.map((file) => {
      const problem = problemOf(file, words) || (taken >= room ? words.tooMany : "");
      if (!problem) taken += 1;
      return { file, problem };
    });
    const transfer = new DataTransfer();
    for (const { file, problem } of rows) if (!problem) transfer.items.add(file);
    input.files = transfer.files;
    list.replaceChildren(...rows.map((row) => rowOf(row)));
  };
  const rowOf = ({ file, problem }) => {
    const row = document.createElement("li");
    const name = element("span", "file-name", file.name);
    const remove = element("button", "", words.remove);
    remove.type = "button";
    remove.setAttribute("aria-label", `${words.remove}: ${file.name}`);
    remove.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== file);
      show();
      input.focus();
    });
    row.append(name, element("span", "quiet", size(file.size)), remove);
    if (problem) row.append(element("p", "error", problem));
    return row;
  };

  input.addEventListener("change", () => add([...input.files]));
  field.addEventListener("dragover", (event) => {
    event.preventDefault();
    field.dataset.dropping = "";
  });
  field.addEventListener("dragleave", () => delete field.dataset.dropping);
  field.addEventListener("drop", (event) => {
    event.preventDefault();
    delete field.dataset.dropping;
    add([...event.dataTransfer.files]);
  });
  field.closest("form").addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) event.preventDefault();
    add(files);
  });
}

function isSame(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

function problemOf(file, words) {
  if (!TYPES.test(file.name)) return words.wrongType;
  return file.size > Number(words.maxBytes) ? words.tooLarge : "";
}

function size(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

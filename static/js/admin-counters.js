// How many characters a field holds, beside its label: <output data-counts="id of the field" data-good="60">.

export function enhanceCounters(root) {
  for (const counter of root.querySelectorAll("[data-counts]")) {
    const field = document.getElementById(counter.dataset.counts);
    if (!field) continue;
    const show = () => {
      // Code points, so that a rare Chinese character counts as one.
      const length = [...field.value].length;
      counter.textContent = `${length} / ${counter.dataset.good}`;
      counter.classList.toggle("over", length > Number(counter.dataset.good));
    };
    field.addEventListener("input", show);
    show();
  }
}

// A text field that grows with its text up to what the style sheet allows.

/** Make `field` grow; returns what is to be called after the text was changed by a program. */
export function growing(field) {
  if (CSS.supports("field-sizing", "content")) return () => {};
  const fit = () => {
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  };
  fit();
  return fit;
}

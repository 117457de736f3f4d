// A phone's keyboard makes the visible part of the page smaller; the messenger always fills just that part.

/** Keep the page as high as what can be seen of it. */
export function followViewport() {
  const { style } = document.documentElement;
  const seen = globalThis.visualViewport;
  if (!seen) return;
  const fit = () => {
    // Zoomed in, the customer looks at a part on purpose.
    const isZoomed = seen.scale > 1.01;
    const covered = Math.max(0, innerHeight - seen.height);
    if (isZoomed || covered < 1) style.removeProperty("--covered");
    else style.setProperty("--covered", `${covered}px`);
    if (!isZoomed && seen.offsetTop > 0) scrollTo(0, 0);
  };
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
  fit();
}

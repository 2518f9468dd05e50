/** The text cut to a width, with an ellipsis where it was cut. */
export function ellipsize(canvas: CanvasRenderingContext2D, text: string, width: number): string {
  if (canvas.measureText(text).width <= width) return text
  let length = Math.min(text.length, Math.floor(width / 4))
  while (length > 0 && canvas.measureText(`${text.slice(0, length)}…`).width > width) length--
  return `${text.slice(0, length)}…`
}

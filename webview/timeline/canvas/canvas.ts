/** The part of a canvas context that is used: the browser's, or one that a test inspects. */

export interface Canvas {
  font: string
  textBaseline: string
  fillStyle: unknown
  strokeStyle: unknown
  lineWidth: number
  globalAlpha: number
  save(): void
  restore(): void
  beginPath(): void
  closePath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  arc(x: number, y: number, radius: number, start: number, end: number): void
  rect(x: number, y: number, width: number, height: number): void
  roundRect(x: number, y: number, width: number, height: number, radius: number): void
  clip(): void
  fill(): void
  stroke(): void
  clearRect(x: number, y: number, width: number, height: number): void
  fillRect(x: number, y: number, width: number, height: number): void
  strokeRect(x: number, y: number, width: number, height: number): void
  setLineDash(segments: number[]): void
  measureText(text: string): { readonly width: number }
  fillText(text: string, x: number, y: number): void
}

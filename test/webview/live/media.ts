/** Media for tests, made on demand: videos with the browser's recorder, pictures by hand. */
import { crc32, deflateSync } from 'node:zlib'
import { openPage } from '../../support/shared-browser.ts'

/** The globals of the browser that are used for recording. */
interface RecordingPage {
  readonly document: { createElement(name: 'canvas'): Canvas }
  readonly MediaRecorder: new (stream: unknown, options: { mimeType: string }) => Recorder
  setInterval(run: () => void, ms: number): number
  clearInterval(timer: number): void
  setTimeout(run: () => void, ms: number): number
}

interface Canvas {
  width: number
  height: number
  getContext(kind: '2d'): { fillStyle: string; fillRect(x: number, y: number, w: number, h: number): void }
  captureStream(rate: number): unknown
}

interface Recorder {
  ondataavailable: (event: { readonly data: Blob }) => void
  onstop: () => void
  start(slice: number): void
  stop(): void
}

/** A WebM video (VP8) of some length, as a browser records it: in many small clusters. */
export async function recordWebm(ms: number): Promise<Buffer> {
  const page = await openPage()
  try {
    const codes = await page.evaluate(async (length) => {
      const scope = globalThis as unknown as RecordingPage
      const canvas = scope.document.createElement('canvas')
      canvas.width = 160
      canvas.height = 120
      const context = canvas.getContext('2d')
      let step = 0
      const timer = scope.setInterval(() => {
        context.fillStyle = `hsl(${(step++ * 11) % 360} 80% 50%)`
        context.fillRect(0, 0, 160, 120)
      }, 30)
      const recorder = new scope.MediaRecorder(canvas.captureStream(30), {
        mimeType: 'video/webm;codecs=vp8',
      })
      const blobs: Blob[] = []
      recorder.ondataavailable = ({ data }) => blobs.push(data)
      await new Promise<void>((resolve) => {
        recorder.onstop = resolve
        recorder.start(100)
        scope.setTimeout(() => recorder.stop(), length)
      })
      scope.clearInterval(timer)
      return Array.from(new Uint8Array(await new Blob(blobs).arrayBuffer()))
    }, ms)
    return Buffer.from(codes)
  } finally {
    await page.close()
  }
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A PNG of one color with some noise, so that it does not compress to nothing. */
export function png(
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number],
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = Buffer.alloc(height * (1 + width * 3))
  let noise = 1
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      noise = (noise * 48_271) % 0x7fffffff
      rows.set(
        [red, green, blue].map((value) => Math.max(0, value - (noise & 7))),
        y * (1 + width * 3) + 1 + x * 3,
      )
    }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ])
}

/** `/log`, newline-delimited JSON, and `/camera`, pictures as `multipart/x-mixed-replace`. */
import type { ServerResponse } from 'node:http'
import { between, pick } from './market.ts'
import { later, repeat } from './schedule.ts'

/** Nothing is sent to a client while more bytes than this wait for it. */
const MAX_WAITING = 1024 * 1024

export function serveLog(response: ServerResponse): void {
  let line = 0
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  repeat(
    response,
    () => between(150, 900),
    () => {
      if (response.writableLength > MAX_WAITING) return
      const record = `${JSON.stringify(logRecord(++line))}\n`
      // Every fifth record arrives in two pieces.
      const cut = line % 5 === 0 ? Math.floor(record.length / 2) : record.length
      response.write(record.slice(0, cut))
      if (cut < record.length) later(response, 40, () => response.write(record.slice(cut)))
    },
  )
  later(response, between(40_000, 60_000), () =>
    response.end(`${JSON.stringify({ line, message: 'bye' })}\n`),
  )
}

function logRecord(line: number) {
  const level = pick(['debug', 'info', 'info', 'info', 'warn', 'error'])
  const message = pick([
    'request served',
    'cache miss',
    'job queued',
    'token renewed',
    'größer als erwartet ✓',
  ])
  return { line, time: new Date().toISOString(), level, message, ms: Math.round(between(1, 80)) }
}

export function serveCamera(response: ServerResponse): void {
  let frame = 0
  response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' })
  const show = () => {
    if (response.writableLength > MAX_WAITING) return
    const image = Buffer.from(picture(++frame))
    response.write(`--frame\r\nContent-Type: image/svg+xml\r\nContent-Length: ${image.length}\r\n\r\n`)
    response.write(Buffer.concat([image, Buffer.from('\r\n')]))
  }
  show()
  repeat(response, () => 1000, show)
  later(response, between(50_000, 70_000), () => response.end('--frame--\r\n'))
}

function picture(frame: number): string {
  const angle = (frame * 24) % 360
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><rect width="160" height="120" fill="#123"/>' +
    `<path d="M80 60V14" stroke="#4ec9b0" stroke-width="4" transform="rotate(${angle} 80 60)"/>` +
    `<text x="8" y="112" fill="#fff" font-size="12">frame ${frame}</text></svg>`
  )
}

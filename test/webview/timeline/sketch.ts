/** A canvas that records what is painted on it, and scenes to paint. */

import type { Direction, EventType } from '../../../src/shared/event.ts'
import { allocateColumns, packKind } from '../../../src/shared/event-columns.ts'
import { newStatus } from '../../../src/shared/status.ts'
import type { TransportName } from '../../../src/shared/transports.ts'
import { ColumnStore } from '../../../webview/state/events/column-store.ts'
import { Densities } from '../../../webview/state/timeline/densities.ts'
import { TimelineModel } from '../../../webview/state/timeline/model.ts'
import type { Canvas } from '../../../webview/timeline/canvas/canvas.ts'
import { ROLES, type Role, type Scene, type Theme } from '../../../webview/timeline/canvas/scene.ts'
import { layOut } from '../../../webview/timeline/layout/layout.ts'

/** Something painted: its color role, its bounds, and how it is painted. */
export interface Painted {
  readonly role: string
  readonly kind: 'fill' | 'stroke' | 'text'
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly text: string
  readonly isDashed: boolean
  readonly alpha: number
}

/** Width of every letter in pixels. */
export const LETTER = 6

export class Sketch implements Canvas {
  readonly painted: Painted[] = []
  font = ''
  textBaseline = ''
  fillStyle: unknown = ''
  strokeStyle: unknown = ''
  lineWidth = 1
  globalAlpha = 1
  #dash = false
  #path: (readonly [number, number])[] = []
  readonly #clips: (readonly [number, number, number, number])[] = []
  readonly #saved: { readonly clips: number; readonly alpha: number }[] = []

  save(): void {
    this.#saved.push({ clips: this.#clips.length, alpha: this.globalAlpha })
  }
  restore(): void {
    const { clips = 0, alpha = 1 } = this.#saved.pop() ?? {}
    this.#clips.length = clips
    this.globalAlpha = alpha
  }
  beginPath(): void {
    this.#path = []
  }
  closePath(): void {}
  moveTo(x: number, y: number): void {
    this.#path.push([x, y])
  }
  lineTo(x: number, y: number): void {
    this.#path.push([x, y])
  }
  arc(x: number, y: number, radius: number): void {
    this.rect(x - radius, y - radius, 2 * radius, 2 * radius)
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push([x, y], [x + width, y + height])
  }
  roundRect(x: number, y: number, width: number, height: number): void {
    this.rect(x, y, width, height)
  }
  clip(): void {
    const { left, top, right, bottom } = boundsOf(this.#path)
    this.#clips.push([left, top, right, bottom])
  }
  fill(): void {
    this.#paint('fill', this.fillStyle, boundsOf(this.#path))
  }
  stroke(): void {
    this.#paint('stroke', this.strokeStyle, boundsOf(this.#path))
  }
  clearRect(): void {}
  fillRect(x: number, y: number, width: number, height: number): void {
    this.#paint('fill', this.fillStyle, { left: x, top: y, right: x + width, bottom: y + height })
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#paint('stroke', this.strokeStyle, { left: x, top: y, right: x + width, bottom: y + height })
  }
  setLineDash(segments: number[]): void {
    this.#dash = segments.length > 0
  }
  measureText(text: string): { readonly width: number } {
    return { width: text.length * LETTER }
  }
  fillText(text: string, x: number, y: number): void {
    const bounds = { left: x, top: y - 9, right: x + text.length * LETTER, bottom: y + 2 }
    this.#paint('text', this.fillStyle, bounds, text)
  }

  #paint(kind: Painted['kind'], style: unknown, bounds: Bounds, text = ''): void {
    let { left, top, right, bottom } = bounds
    for (const [l, t, r, b] of this.#clips) {
      left = Math.max(left, l)
      top = Math.max(top, t)
      right = Math.min(right, r)
      bottom = Math.min(bottom, b)
    }
    if (left > right || top > bottom) return
    const { globalAlpha: alpha } = this
    const isDashed = kind === 'stroke' && this.#dash
    this.painted.push({ role: String(style), kind, left, top, right, bottom, text, isDashed, alpha })
  }
}

type Bounds = Pick<Painted, 'left' | 'top' | 'right' | 'bottom'>

function boundsOf(path: readonly (readonly [number, number])[]): Bounds {
  const xs = path.map(([x]) => x)
  const ys = path.map(([, y]) => y)
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}

export interface Step {
  readonly time: number
  readonly type?: EventType
  readonly direction?: Direction
  readonly size?: number
  readonly eventName?: string
  readonly connection?: number
  readonly empty?: boolean
  /** A proxy did something to it on purpose. */
  readonly faulted?: boolean
  /** The text of the event. */
  readonly says?: string
}

/** Colors that are the names of their roles. */
const THEME: Theme = {
  ...(Object.fromEntries(ROLES.map((role) => [role, role])) as Record<Role, string>),
  font: 'sans-serif',
  highContrast: false,
}

/** A scene of `span` milliseconds and connections 1, 2, … of these transports. */
export function sceneOf(transports: readonly TransportName[], span: number, steps: readonly Step[]): Scene {
  const columns = new ColumnStore()
  const model = new TimelineModel()
  const batch = allocateColumns(0, steps.length)
  steps.forEach((step, i) => {
    const { time, type = 'message', direction = 'in', size = 10, connection = 1 } = step
    const { empty = false, faulted = false } = step
    batch.time[i] = time
    batch.connection[i] = connection
    batch.size[i] = size
    batch.eventName[i] = i
    batch.kind[i] = packKind({ type, direction, empty, faulted })
  })
  columns.append(batch)
  model.append(batch, (index) => steps[index]?.eventName ?? '')
  return {
    layout: layOut(
      1358,
      transports.map((transport, i) => ({ ...newStatus(i + 1), transport })),
    ),
    view: { from: 0, to: span, live: false },
    whole: { from: 0, to: span },
    now: span,
    model,
    columns,
    densities: new Densities(),
    theme: THEME,
    head: (id) => ({ title: `name ${id}`, lines: [[`state ${id}`]], color: 'c1' }),
    exchanges: () => undefined,
    latency: () => undefined,
    says: (event) => steps[event]?.says,
    selected: undefined,
    range: undefined,
    playhead: undefined,
    findings: { placed: [], marked: undefined, finding: undefined },
    expectations: [],
    cursor: undefined,
  }
}

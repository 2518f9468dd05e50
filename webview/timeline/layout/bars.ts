/** Where the requests of a lane are painted: as bars that do not overlap, or as their number where they are many. */
import { type Exchange, PATIENCE } from '../../../src/shared/exchange.ts'
import type { Span } from '../../state/timeline/density.ts'
import { type LaneBox, type Layout, REQUEST_ROW, xOf } from './layout.ts'

/** How a request is painted. */
export type BarLook = 'answered' | 'failed' | 'waiting' | 'unanswered' | 'stream'

export interface Bar {
  readonly exchange: Exchange
  readonly look: BarLook
  readonly left: number
  readonly right: number
  /** Where it ends in time: before `right` if it is shorter than can be seen. */
  readonly end: number
  readonly top: number
  /** Right edge of the room for a text that begins after the bar. */
  readonly room: number
}

/** Requests that are too close to paint one by one. */
export interface Crowd {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly height: number
  readonly bars: readonly Bar[]
}

export interface Bars {
  readonly bars: readonly Bar[]
  readonly crowds: readonly Crowd[]
}

export const BAR_HEIGHT = 11
/** Least width of a bar, and distance to the next. */
const LEAST = 2
const APART = 1
/** Width of a bar that may begin where a short one before it ends, although that one is painted wider. */
const LONG = 8

/** What is needed of a lane to place its requests. */
export interface Placing {
  readonly layout: Layout
  readonly view: Span
  /** Session time at which what has not ended yet ends. */
  readonly now: number
  /** When the connection that a request was sent on ended; `now` if it has not. */
  readonly endOf: (time: number) => number
}

export function placeBars(placing: Placing, box: LaneBox, exchanges: readonly Exchange[]): Bars {
  const top = box.top + box.traffic
  const left = placing.layout.left - LEAST
  const right = placing.layout.left + placing.layout.plotWidth
  const seen = exchanges
    .map((exchange) => barOf(placing, exchange, top))
    .filter((bar) => bar.right >= left && bar.left <= right)
  const placed = groupsOf(seen).flatMap((group) => placeGroup(group, box.rows))
  const crowds = placed.filter(isCrowd)
  const bars = placed.filter((each): each is Bar => !isCrowd(each))
  return { bars: withRoom(bars, crowds, right), crowds }
}

function isCrowd(placed: Bar | Crowd): placed is Crowd {
  return 'bars' in placed
}

/** Places bars that overlap: without handshakes that are answered, or else by kind, if they are too many. */
function placeGroup(group: readonly Bar[], rows: number): readonly (Bar | Crowd)[] {
  const fewer = () =>
    group.filter(({ exchange, look }) => exchange.kind !== 'handshake' || look !== 'answered')
  const fitting = inRows(group, 0, rows) ?? inRows(fewer(), 0, rows)
  if (fitting !== undefined) return fitting
  // Streams have a line of their own, so that a long one does not crowd the calls beside it.
  const streams = group.filter(({ look }) => look === 'stream')
  const calls = group.filter(({ look }) => look !== 'stream')
  if (rows === 1 || streams.length === 0 || calls.length === 0) return [crowdOf(group, 0, rows)]
  return [calls, streams].flatMap((kind, row) =>
    groupsOf(kind).flatMap(
      (each): readonly (Bar | Crowd)[] => inRows(each, row, 1) ?? [crowdOf(each, row, 1)],
    ),
  )
}

/** Bars that overlap one after the other. */
function groupsOf(bars: readonly Bar[]): Bar[][] {
  const groups: Bar[][] = []
  let before: Bar | undefined
  for (const bar of bars) {
    if (before === undefined || follows(bar, before)) groups.push([])
    groups.at(-1)?.push(bar)
    if (before === undefined || bar.right > before.right) before = bar
  }
  return groups
}

function barOf({ layout, view, now, endOf }: Placing, exchange: Exchange, top: number): Bar {
  const { start, answer, isOver, isStream, answers, hasFailed, kind } = exchange
  const look = lookOf()
  const left = xOf(layout, view, start)
  const end = xOf(layout, view, endTime())
  return { exchange, look, left, right: Math.max(left + LEAST, end), end, top, room: 0 }

  function lookOf(): BarLook {
    if (isStream && (!isOver || answers > 1)) return 'stream'
    if (hasFailed) return 'failed'
    if (answer !== null) return 'answered'
    // A subscription may have nothing to say.
    if (kind === 'subscribe') return 'stream'
    return Math.min(now, endOf(start)) - start < PATIENCE && endOf(start) >= now ? 'waiting' : 'unanswered'
  }

  function endTime(): number {
    if (look === 'stream' && !isOver) return Math.max(exchange.end, endOf(start))
    if (look === 'waiting') return now
    return look === 'unanswered' ? Math.min(start + PATIENCE, endOf(start)) : exchange.end
  }
}

/** Whether a bar begins after another one. The least width of a short one does not keep a long one away. */
function follows(bar: Bar, before: Pick<Bar, 'right' | 'end'>): boolean {
  const isLong = bar.right - bar.left >= LONG
  return bar.left >= (isLong ? before.end : before.right + APART)
}

/** Places bars on `count` lines from `first` on; undefined if more of them overlap. Streams are below calls. */
function inRows(bars: readonly Bar[], first: number, count: number): Bar[] | undefined {
  const last = new Array<Bar | undefined>(count).fill(undefined)
  const placed: Bar[] = []
  for (const bar of bars) {
    const isFree = (before: Bar | undefined) => before === undefined || follows(bar, before)
    const row = bar.look === 'stream' ? last.findLastIndex(isFree) : last.findIndex(isFree)
    if (row < 0) return undefined
    last[row] = bar
    placed.push({ ...bar, top: bar.top + (first + row) * REQUEST_ROW })
  }
  return placed
}

function crowdOf(bars: readonly Bar[], first: number, count: number): Crowd {
  const right = bars.reduce((most, bar) => Math.max(most, bar.right), 0)
  const [bar] = bars
  const top = (bar?.top ?? 0) + first * REQUEST_ROW
  return { left: bar?.left ?? 0, right, top, height: (count - 1) * REQUEST_ROW + BAR_HEIGHT, bars }
}

/** The bars with the room up to what comes next on their line. */
function withRoom(bars: readonly Bar[], crowds: readonly Crowd[], end: number): Bar[] {
  const next = new Map<number, number>()
  return bars
    .toSorted((one, other) => one.left - other.left)
    .toReversed()
    .map((bar) => {
      const isBeside = ({ top, height, left }: Crowd) =>
        left >= bar.left && bar.top < top + height && bar.top + BAR_HEIGHT > top
      const crowd = crowds.find(isBeside)?.left ?? end
      const room = Math.min(next.get(bar.top) ?? end, crowd)
      next.set(bar.top, bar.left)
      return { ...bar, room }
    })
    .toReversed()
}

/** The bar at a point, if one is there. */
export function barAt({ bars, crowds }: Bars, x: number, y: number, slack: number): Bar | undefined {
  const isAt = ({ left, right }: Bar) => x >= left - slack && x <= right + slack
  const bar = bars.find((each) => y >= each.top - 1 && y < each.top + REQUEST_ROW - 1 && isAt(each))
  return bar ?? crowds.find(({ left, right }) => x >= left && x <= right)?.bars.find(isAt)
}

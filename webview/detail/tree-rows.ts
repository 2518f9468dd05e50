/** The visible lines of a JSON tree, and what keys do in them. */
import { isContainer, type JsonNode, type JsonTree } from './json-tree.ts'

/** Children of a container that are shown at first, and added each time. */
export const PAGE = 200
/** Lines that are opened at first in total, and children of a container that is opened at first. */
const OPEN_AT_FIRST = 24
const SMALL = 8
/** Characters of a string in a closed and in an open line. */
export const SHORT_STRING = 400
export const LONG_STRING = 100_000

/** The open lines. For a container the number of children shown, for a long string any number. */
export type Opened = ReadonlyMap<number, number>

export interface ValueRow {
  readonly is: 'value'
  readonly node: JsonNode
  /** Counted from 1, as in ARIA. */
  readonly level: number
  readonly position: number
  readonly siblings: number
  /** Undefined if it cannot be opened. */
  readonly open: boolean | undefined
}

/** A line in place of the children that are not shown yet. */
export interface MoreRow {
  readonly is: 'more'
  readonly node: JsonNode
  readonly level: number
  readonly hidden: number
}

export type TreeRow = ValueRow | MoreRow

function canOpen(node: JsonNode, tree: JsonTree): boolean {
  return isContainer(node)
    ? tree.count(node) > 0
    : node.kind === 'string' && node.end - node.start > SHORT_STRING
}

/** Opens levels from the root down as long as they fit into a few lines. */
export function openAtFirst(tree: JsonTree): Map<number, number> {
  const opened = new Map<number, number>()
  let lines = 1
  let level = [tree.root]
  while (level.length > 0) {
    const next: JsonNode[] = []
    for (const node of level) {
      const count = tree.count(node)
      const fits = count <= SMALL && lines + count <= OPEN_AT_FIRST
      if (count === 0 || (!fits && node !== tree.root)) continue
      lines += Math.min(count, PAGE)
      opened.set(node.start, PAGE)
      if (lines <= OPEN_AT_FIRST) for (const child of tree.children(node, 0, PAGE)) next.push(child)
    }
    level = next
  }
  return opened
}

/** The lines from top to bottom. */
export function rowsOf(tree: JsonTree, opened: Opened): TreeRow[] {
  const rows: TreeRow[] = []
  const add = (node: JsonNode, level: number, position: number, siblings: number) => {
    const shown = opened.get(node.start)
    const open = canOpen(node, tree) ? shown !== undefined : undefined
    rows.push({ is: 'value', node, level, position, siblings, open })
    if (shown === undefined || !isContainer(node)) return
    const count = tree.count(node)
    tree.children(node, 0, shown).forEach((child, i) => {
      add(child, level + 1, i + 1, count)
    })
    if (shown < count) rows.push({ is: 'more', node, level: level + 1, hidden: count - shown })
  }
  add(tree.root, 1, 1, 1)
  return rows
}

/** Position of the same row in other rows, which are new objects after every change. */
export function findRow(rows: readonly TreeRow[], row: TreeRow): number {
  return rows.findIndex((other) => other.is === row.is && other.node.start === row.node.start)
}

/** The open lines after opening a row, or showing more of it. */
export function opening(opened: Opened, { node }: TreeRow): Map<number, number> {
  return new Map(opened).set(node.start, (opened.get(node.start) ?? 0) + PAGE)
}

/** The open lines after closing a row. */
export function closing(opened: Opened, { node }: TreeRow): Map<number, number> {
  const next = new Map(opened)
  next.delete(node.start)
  return next
}

/** What a key does in a tree: WAI-ARIA Authoring Practices, tree view pattern. */
export function keyStep(
  key: string,
  rows: readonly TreeRow[],
  at: number,
): { readonly go: number } | 'open' | 'close' | 'open siblings' | undefined {
  const row = rows[at]
  const last = rows.length - 1
  const isOpen = row?.is === 'value' ? row.open : false
  switch (key) {
    case 'ArrowDown':
      return { go: Math.min(last, at + 1) }
    case 'ArrowUp':
      return { go: Math.max(0, at - 1) }
    case 'Home':
      return { go: 0 }
    case 'End':
      return { go: last }
    case 'ArrowRight':
      return isOpen === false ? 'open' : isOpen === true && at < last ? { go: at + 1 } : undefined
    case 'ArrowLeft':
      if (isOpen === true) return 'close'
      return {
        go: Math.max(
          0,
          rows.findLastIndex((other, i) => i < at && other.level < (row?.level ?? 1)),
        ),
      }
    case 'Enter':
    case ' ':
      return isOpen === true ? 'close' : isOpen === false ? 'open' : undefined
    case '*':
      return 'open siblings'
    default:
      return undefined
  }
}

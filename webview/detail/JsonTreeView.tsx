import { useId, useMemo, useRef, useState } from 'preact/hooks'
import { plural } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'
import { isContainer, type JsonNode, JsonTree, pathOf } from './json-tree.ts'
import {
  closing,
  findRow,
  keyStep,
  LONG_STRING,
  openAtFirst,
  opening,
  PAGE,
  rowsOf,
  SHORT_STRING,
  type TreeRow,
} from './tree-rows.ts'

/** JSON as a tree for mouse and keys, with the path of the focused line below it. */
export function JsonTreeView({ text }: { text: string }) {
  const id = useId()
  const tree = useMemo(() => new JsonTree(text), [text])
  const [opened, setOpened] = useState<ReadonlyMap<number, number>>(() => openAtFirst(tree))
  const rows = useMemo(() => rowsOf(tree, opened), [tree, opened])
  const [active, setActive] = useState<TreeRow>()
  const at = active === undefined ? -1 : findRow(rows, active)
  const list = useRef<HTMLDivElement>(null)
  const page = usePage()

  const go = (index: number) => {
    setActive(rows[index])
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' })
  }
  const toggle = (row: TreeRow) =>
    setOpened(row.is === 'value' && row.open === true ? closing(opened, row) : opening(opened, row))
  const openSiblings = (row: TreeRow) => {
    const next = new Map(opened)
    for (const other of rows)
      if (other.is === 'value' && other.open === false && other.node.parent === row.node.parent)
        next.set(other.node.start, PAGE)
    setOpened(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[Math.max(0, at)]
    if (row === undefined) return
    if (event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey)) {
      if (getSelection()?.isCollapsed === false) return
      event.preventDefault()
      page.copy(tree.value(row.node))
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = keyStep(event.key, rows, Math.max(0, at))
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    if (typeof step === 'object') go(at < 0 ? 0 : step.go)
    else if (step === 'open siblings') openSiblings(row)
    else {
      setActive(row)
      toggle(row)
    }
  }
  return (
    <>
      <div
        ref={list}
        class="json-tree mono"
        role="tree"
        aria-label="Payload"
        tabIndex={0}
        aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
        onKeyDown={onKeyDown}
        onFocus={() => at < 0 && setActive(rows[0])}
      >
        {rows.map((row, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree that has the focus takes the keys.
          <div
            role="treeitem"
            id={`${id}-${i}`}
            key={`${row.is} ${row.node.start}`}
            class={`tree-row ${i === at ? 'is-active' : ''}`}
            style={{ paddingInlineStart: `${(row.level - 1) * 14 + 4}px` }}
            aria-level={row.level}
            aria-selected={i === at}
            {...(row.is === 'value'
              ? { 'aria-posinset': row.position, 'aria-setsize': row.siblings, 'aria-expanded': row.open }
              : { 'aria-expanded': false })}
            onClick={() => {
              setActive(row)
              if (getSelection()?.isCollapsed !== false) toggleIfOpenable(row, toggle)
            }}
          >
            <RowContent row={row} tree={tree} />
          </div>
        ))}
      </div>
      {active !== undefined && at >= 0 && <PathBar node={active.node} tree={tree} />}
    </>
  )
}

function toggleIfOpenable(row: TreeRow, toggle: (row: TreeRow) => void): void {
  if (row.is === 'more' || row.open !== undefined) toggle(row)
}

function RowContent({ row, tree }: { row: TreeRow; tree: JsonTree }) {
  if (row.is === 'more')
    return (
      <span class="link">{`Show ${Math.min(PAGE, row.hidden)} more of ${plural(row.hidden, 'further one')}`}</span>
    )
  const { node, open } = row
  return (
    <>
      <span class="tree-twist">
        {open !== undefined && <Icon name={open ? 'chevron-down' : 'chevron-right'} />}
      </span>
      <span class="tree-text">
        {node.key !== undefined && (
          <>
            <span class={typeof node.key === 'string' ? 'json-key' : 'dim'}>
              {typeof node.key === 'string' ? JSON.stringify(node.key) : node.key}
            </span>
            {': '}
          </>
        )}
        <Value node={node} tree={tree} open={open} />
      </span>
    </>
  )
}

function Value({ node, tree, open }: { node: JsonNode; tree: JsonTree; open: boolean | undefined }) {
  if (isContainer(node)) {
    const count = tree.count(node)
    const [left, right] = node.kind === 'object' ? '{}' : '[]'
    if (count === 0) return <span>{`${left}${right}`}</span>
    const said = node.kind === 'object' ? plural(count, 'key') : plural(count, 'item')
    return <span class={open ? 'dim tree-count' : 'dim'}>{open ? said : `${left} ${said} ${right}`}</span>
  }
  const most = node.kind !== 'string' ? LONG_STRING : open === true ? LONG_STRING : SHORT_STRING
  const source = tree.source(node, most)
  const isCut = node.end - node.start > most
  return (
    <>
      <span class={`json-${node.kind}`}>{source}</span>
      {isCut && <span class="dim">{`… ${plural(node.end - node.start, 'character')}`}</span>}
    </>
  )
}

function PathBar({ node, tree }: { node: JsonNode; tree: JsonTree }) {
  const page = usePage()
  const path = pathOf(node)
  return (
    <div class="tree-path">
      <code class="mono">{path}</code>
      <button type="button" class="link" onClick={() => page.copy(tree.value(node))}>
        Copy value
      </button>
      <button type="button" class="link" onClick={() => page.copy(path)}>
        Copy path
      </button>
    </div>
  )
}

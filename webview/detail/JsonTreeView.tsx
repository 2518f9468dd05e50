import * as l10n from '@vscode/l10n'
import { useId, useMemo, useRef, useState } from 'preact/hooks'
import { characterCount, formatCount, itemCount, keyCount } from '../format/count.ts'
import { addColumn, removeColumn } from '../state/column-changes.ts'
import { valueTerm, withTerm } from '../state/filter-terms.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
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

interface JsonTreeViewProps {
  readonly text: string
  /** What the tree shows, for screen readers. */
  readonly name?: string
  /** The path of the tree's root, as the list knows it. Null if the list does not know the tree. */
  readonly root?: string | null
  /** The path in the tree of a value that is marked. */
  readonly marked?: string | undefined
  /** The pointer or the focus is on a value; undefined if it is on none. */
  readonly onPoint?: (node: JsonNode | undefined) => void
}

/** JSON as a tree for mouse and keys, with the path of the focused line below it. */
export function JsonTreeView(props: JsonTreeViewProps) {
  const { text, name = l10n.t('Payload'), root = '$', marked, onPoint } = props
  const id = useId()
  const tree = useMemo(() => new JsonTree(text), [text])
  const [opened, setOpened] = useState<ReadonlyMap<number, number>>(() => openAtFirst(tree))
  const rows = useMemo(() => rowsOf(tree, opened), [tree, opened])
  const [active, setActive] = useState<TreeRow>()
  const at = active === undefined ? -1 : findRow(rows, active)
  const list = useRef<HTMLDivElement>(null)
  /** A press sets the active row when it ends: the path bar, which comes with one, must not move what is pressed. */
  const isPressed = useRef(false)
  const page = usePage()

  const go = (index: number) => {
    setActive(rows[index])
    onPoint?.(rows[index]?.node)
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
        aria-label={name}
        tabIndex={0}
        aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
        onKeyDown={onKeyDown}
        onPointerDown={() => {
          isPressed.current = true
        }}
        onFocus={() => {
          if (at < 0 && !isPressed.current) setActive(rows[0])
          isPressed.current = false
          onPoint?.((active ?? rows[0])?.node)
        }}
        onBlur={() => onPoint?.(undefined)}
        onPointerLeave={() => onPoint?.(undefined)}
      >
        {rows.map((row, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree that has the focus takes the keys.
          <div
            role="treeitem"
            id={`${id}-${i}`}
            key={`${row.is} ${row.node.start}`}
            class={`tree-row ${i === at ? 'is-active' : ''} ${isMarked(row, marked) ? 'is-marked' : ''}`}
            style={{ paddingInlineStart: `${(row.level - 1) * 14 + 4}px` }}
            aria-level={row.level}
            aria-selected={i === at}
            {...(row.is === 'value'
              ? { 'aria-posinset': row.position, 'aria-setsize': row.siblings, 'aria-expanded': row.open }
              : { 'aria-expanded': false })}
            onPointerEnter={() => onPoint?.(row.node)}
            onClick={() => {
              setActive(row)
              const canToggle = row.is === 'more' || row.open !== undefined
              if (canToggle && getSelection()?.isCollapsed !== false) toggle(row)
            }}
          >
            <RowContent row={row} tree={tree} />
          </div>
        ))}
      </div>
      {active !== undefined && at >= 0 && <PathBar node={active.node} tree={tree} root={root} />}
    </>
  )
}

function isMarked({ is, node }: TreeRow, path: string | undefined): boolean {
  return path !== undefined && is === 'value' && pathOf(node) === path
}

function RowContent({ row, tree }: { row: TreeRow; tree: JsonTree }) {
  if (row.is === 'more')
    return (
      <span class="link">
        {l10n.t('Show {0} more of {1}', Math.min(PAGE, row.hidden), formatCount(row.hidden))}
      </span>
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
    const said = node.kind === 'object' ? keyCount(count) : itemCount(count)
    return <span class={open ? 'dim tree-count' : 'dim'}>{open ? said : `${left} ${said} ${right}`}</span>
  }
  const most = node.kind !== 'string' ? LONG_STRING : open === true ? LONG_STRING : SHORT_STRING
  const source = tree.source(node, most)
  const isCut = node.end - node.start > most
  return (
    <>
      <span class={`json-${node.kind}`}>{source}</span>
      {isCut && <span class="dim">{`… ${characterCount(node.end - node.start)}`}</span>}
    </>
  )
}

/** What a value does for the list: a column of its path, and a filter. */
function ListActions({ path, source }: { path: string; source: string }) {
  const page = usePage()
  const { filter, layout } = page
  const isColumn = layout.current.value.paths.includes(path)
  const term = valueTerm(path, source)
  return (
    <>
      <LinkButton onClick={() => (isColumn ? removeColumn(page, path) : addColumn(page, path))}>
        {isColumn ? l10n.t('Remove Column') : l10n.t('Add as Column')}
      </LinkButton>
      {term.length <= MOST_TERM && (
        <LinkButton onClick={() => filter.apply(withTerm(filter.text.value, term))}>
          {l10n.t('Filter by This Value')}
        </LinkButton>
      )}
    </>
  )
}

/** A longer value is no filter that anyone could read. */
const MOST_TERM = 500

function PathBar({ node, tree, root }: { node: JsonNode; tree: JsonTree; root: string | null }) {
  const page = usePage()
  const path = `${root ?? '$'}${pathOf(node).slice(1)}`
  return (
    <div class="tree-path">
      <code class="mono">{path}</code>
      <LinkButton onClick={() => page.copy(tree.value(node))}>{l10n.t('Copy Value')}</LinkButton>
      <LinkButton onClick={() => page.copy(path)}>{l10n.t('Copy Path')}</LinkButton>
      {root !== null && path !== '$' && <ListActions path={path} source={tree.source(node)} />}
    </div>
  )
}

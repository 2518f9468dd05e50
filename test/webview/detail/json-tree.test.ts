import assert from 'node:assert/strict'
import { isContainer, type JsonNode, JsonTree, pathOf } from '../../../webview/detail/json-tree.ts'
import {
  closing,
  findRow,
  keyStep,
  openAtFirst,
  opening,
  PAGE,
  rowsOf,
  SHORT_STRING,
  type TreeRow,
} from '../../../webview/detail/tree-rows.ts'
import { seededRandom } from '../../support/splits.ts'

function randomJson(random: () => number, depth = 0): unknown {
  const pick = Math.floor(random() * (depth > 4 ? 4 : 6))
  if (pick === 0) return random() < 0.5
  if (pick === 1) return Math.round((random() - 0.5) * 1e6) / 100
  if (pick === 2) return ['', 'a "quoted" \\', '{"not": [json]}', 'x\\"]}', '日本'][Math.floor(random() * 5)]
  if (pick === 3) return null
  const children = Array.from({ length: Math.floor(random() * 5) }, () => randomJson(random, depth + 1))
  return pick === 4 ? children : Object.fromEntries(children.map((child, i) => [`k"${i}\\`, child]))
}

/** The slow, obvious way: builds the parsed value from the leaves of the tree. */
function rebuild(tree: JsonTree, node: JsonNode): unknown {
  if (!isContainer(node)) return JSON.parse(tree.source(node))
  const children = tree.children(node, 0, tree.count(node))
  if (node.kind === 'array') return children.map((child) => rebuild(tree, child))
  return Object.fromEntries(children.map((child) => [child.key, rebuild(tree, child)]))
}

const said = (rows: readonly TreeRow[]) =>
  rows.map((row) => `${' '.repeat(row.level)}${row.is === 'more' ? `+${row.hidden}` : pathOf(row.node)}`)

describe('a JSON tree', () => {
  it('has the content of the text, whatever its formatting', () => {
    const random = seededRandom(5)
    for (let i = 0; i < 400; i++) {
      const value = randomJson(random)
      for (const text of [JSON.stringify(value), ` ${JSON.stringify(value, null, '\t')}\n`]) {
        const tree = new JsonTree(text)
        assert.deepEqual(rebuild(tree, tree.root), value)
      }
    }
  })

  it('keeps digits, order and duplicates', () => {
    const tree = new JsonTree('{"b": 1.00, "a": 12345678901234567890, "b": 2}')
    const children = tree.children(tree.root, 0, 9)
    assert.deepEqual(
      children.map((child) => [child.key, tree.source(child)]),
      [
        ['b', '1.00'],
        ['a', '12345678901234567890'],
        ['b', '2'],
      ],
    )
  })

  it('knows the path of every value, and its value for the clipboard', () => {
    const tree = new JsonTree('{"venue":{"odd key":[1,{"é":"a\\nb"}]}}')
    const paths: [string, string][] = []
    const walk = (node: JsonNode) => {
      paths.push([pathOf(node), tree.value(node)])
      if (isContainer(node)) for (const child of tree.children(node, 0, 9)) walk(child)
    }
    walk(tree.root)
    assert.deepEqual(paths.slice(3), [
      ['$.venue["odd key"][0]', '1'],
      ['$.venue["odd key"][1]', '{\n  "é": "a\\nb"\n}'],
      ['$.venue["odd key"][1]["é"]', 'a\nb'],
    ])
  })

  it('reads only the shown part of a container with a million values', () => {
    const tree = new JsonTree(`[${'0,'.repeat(999_999)}0]`)
    const rows = rowsOf(tree, openAtFirst(tree))
    assert.equal(rows.length, 1 + PAGE + 1)
    const more = rows.at(-1)
    assert.ok(more?.is === 'more')
    assert.equal(more.hidden, 1_000_000 - PAGE)
    assert.equal(rowsOf(tree, opening(openAtFirst(tree), more)).length, 1 + 2 * PAGE + 1)
  })

  it('initially opens what fits into a few lines', () => {
    const small = new JsonTree('{"a":{"b":1},"c":[1,2]}')
    assert.deepEqual(said(rowsOf(small, openAtFirst(small))), [
      ' $',
      '  $.a',
      '   $.a.b',
      '  $.c',
      '   $.c[0]',
      '   $.c[1]',
    ])
    const large = new JsonTree(JSON.stringify({ a: Array.from({ length: 12 }, () => [1, 2]) }))
    assert.deepEqual(said(rowsOf(large, openAtFirst(large))), [' $', '  $.a'])
  })

  it('has strings that can be opened only if they are too long for a line', () => {
    const tree = new JsonTree(JSON.stringify(['x'.repeat(SHORT_STRING - 2), 'x'.repeat(SHORT_STRING), 12]))
    const [root, ...values] = rowsOf(tree, openAtFirst(tree))
    const openOf = (row: TreeRow | undefined) => (row?.is === 'value' ? row.open : 'none')
    assert.equal(openOf(root), true)
    assert.deepEqual(values.map(openOf), [undefined, false, undefined])
  })

  it('handles the keys of a tree', () => {
    const tree = new JsonTree('{"a":{"b":1},"c":2}')
    let opened = openAtFirst(tree)
    let rows = rowsOf(tree, opened)
    const go = (key: string, at: number) => keyStep(key, rows, at)
    assert.deepEqual(go('ArrowDown', 0), { go: 1 })
    assert.deepEqual(go('ArrowUp', 0), { go: 0 })
    assert.deepEqual(go('End', 0), { go: 3 })
    assert.deepEqual(go('ArrowRight', 1), { go: 2 })
    assert.deepEqual(go('ArrowLeft', 2), { go: 1 })
    assert.deepEqual(go('ArrowLeft', 3), { go: 0 })
    assert.equal(go('ArrowLeft', 1), 'close')
    // A value without members cannot be opened.
    for (const leaf of [2, 3]) assert.equal(go('ArrowRight', leaf), undefined)
    assert.equal(go('Enter', 2), undefined)
    const [, a] = rows
    assert.ok(a)
    opened = closing(opened, a)
    rows = rowsOf(tree, opened)
    assert.deepEqual(said(rows), [' $', '  $.a', '  $.c'])
    assert.equal(findRow(rows, a), 1)
    assert.equal(go('ArrowRight', 1), 'open')
  })

  it('reads long strings fast', () => {
    const tree = new JsonTree(JSON.stringify([`${'\\'.repeat(500_000)}"`, 'x'.repeat(2_000_000)]))
    assert.equal(tree.count(tree.root), 2)
  })
})

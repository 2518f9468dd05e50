import assert from 'node:assert/strict'
import { parseFilter } from '../../../src/shared/filter/parse.ts'
import { FilterError } from '../../../src/shared/filter/syntax.ts'
import { parseDuration, parseSize, parseTime } from '../../../src/shared/filter/units.ts'

function mistakeIn(text: string): { message: string; marked: string } {
  try {
    parseFilter(text)
  } catch (thrown) {
    assert.ok(thrown instanceof FilterError, `${text} threw ${String(thrown)}`)
    return { message: thrown.message, marked: text.slice(thrown.start, thrown.end) }
  }
  return assert.fail(`${text} has a mistake`)
}

describe('a filter', () => {
  it('matches everything if it is empty', () => {
    assert.deepEqual(parseFilter('  '), { kind: 'all' })
  })

  it('parses each kind of term', () => {
    assert.deepEqual(parseFilter('dir:in'), { kind: 'direction', direction: 'in' })
    assert.deepEqual(parseFilter('type:ping'), { kind: 'type', type: 'ping' })
    assert.deepEqual(parseFilter('type:binary'), { kind: 'opcode', binary: true })
    assert.deepEqual(parseFilter('is:Automatic'), { kind: 'automatic' })
    assert.deepEqual(parseFilter('conn:2'), { kind: 'connection', id: 2 })
    assert.deepEqual(parseFilter('number:17..19,3'), {
      kind: 'numbers',
      ranges: [
        { from: 3, to: 3 },
        { from: 17, to: 19 },
      ],
    })
    assert.deepEqual(parseFilter('event:price'), { kind: 'event', pattern: 'price' })
    assert.deepEqual(parseFilter('event:"last price"'), { kind: 'event', pattern: 'last price' })
    assert.deepEqual(parseFilter('size:>1k'), { kind: 'number', field: 'size', comparison: '>', value: 1000 })
    assert.deepEqual(parseFilter('time:>02:05'), {
      kind: 'number',
      field: 'time',
      comparison: '>',
      value: 125_000,
    })
    assert.deepEqual(parseFilter('gap:>500ms'), { kind: 'number', field: 'gap', comparison: '>', value: 500 })
    assert.deepEqual(parseFilter('word'), { kind: 'text', text: 'word' })
    assert.deepEqual(parseFilter('"two words"'), { kind: 'text', text: 'two words' })
    assert.deepEqual(parseFilter('/a\\/[/]b/i'), {
      kind: 'regex',
      source: 'a\\/[/]b',
      flags: 'i',
      start: 0,
      end: 10,
    })
  })

  it('parses the literals of JSON paths as JSON', () => {
    for (const [text, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
      ['-1.5e3', -1500],
      ['"true"', 'true'],
    ] as const) {
      const filter = parseFilter(`$.a == ${text}`)
      assert.ok(filter.kind === 'json')
      assert.equal(filter.value, value)
    }
  })

  it('parses JSON paths with and without a comparison', () => {
    assert.deepEqual(parseFilter('$.type == "trade"'), {
      kind: 'json',
      path: '$.type',
      comparison: '==',
      value: 'trade',
      start: 0,
      end: 17,
    })
    const paths = [
      '$',
      '$.a.b',
      '$..price',
      '$.*',
      "$['a b'].c",
      '$.legs[?@.price > 100].id',
      '$[0][1:3]',
      '$..[0]',
    ]
    for (const path of paths) {
      assert.deepEqual(parseFilter(path), {
        kind: 'json',
        path,
        comparison: undefined,
        value: undefined,
        start: 0,
        end: path.length,
      })
    }
    for (const [literal, value] of [
      ['100', 100],
      ['-1.5e3', -1500],
      ['true', true],
      ['null', null],
    ] as const) {
      const filter = parseFilter(`$.price>=${literal}`)
      assert.ok(filter.kind === 'json' && filter.comparison === '>=' && filter.value === value, literal)
    }
  })

  it('accepts field names and their fixed values in any case', () => {
    assert.deepEqual(parseFilter('DIR:In'), { kind: 'direction', direction: 'in' })
    assert.deepEqual(parseFilter('Type:PING'), { kind: 'type', type: 'ping' })
    assert.deepEqual(parseFilter('type:Binary'), { kind: 'opcode', binary: true })
    assert.deepEqual(parseFilter('Size:>1K'), parseFilter('size:>1k'))
  })

  it('treats = after a path like ==, and accepts text in single or double quotes with the escapes of JSON', () => {
    const value = (text: string) => {
      const filter = parseFilter(text)
      return filter.kind === 'json' ? [filter.path, filter.comparison, filter.value] : filter
    }
    assert.deepEqual(value('$.price = 100'), ['$.price', '==', 100])
    assert.deepEqual(value('$.price=100'), ['$.price', '==', 100])
    assert.deepEqual(value("$.type == 'it\\'s'"), ['$.type', '==', "it's"])
    assert.deepEqual(value('$.note == "a\\nb\\u00e9\\/\\"\\\\"'), ['$.note', '==', 'a\nbé/"\\'])
    assert.deepEqual(parseFilter('a = b'), {
      kind: 'and',
      items: ['a', '=', 'b'].map((text) => ({ kind: 'text', text })),
    })
    assert.deepEqual(parseFilter("don't"), { kind: 'text', text: "don't" })
  })

  it('compares a time or gap without an operator with the precision in which it is written', () => {
    const between = (field: 'time' | 'gap', from: number, to: number) => ({
      kind: 'and',
      items: [
        { kind: 'number', field, comparison: '>=', value: from },
        { kind: 'number', field, comparison: '<', value: to },
      ],
    })
    assert.deepEqual(parseFilter('time:02:05'), between('time', 125_000, 126_000))
    assert.deepEqual(parseFilter('time:1:02:05.250'), between('time', 3_725_250, 3_725_251))
    assert.deepEqual(parseFilter('time:=5s'), between('time', 5000, 6000))
    assert.deepEqual(parseFilter('gap:1.5s'), between('gap', 1500, 1600))
    assert.deepEqual(parseFilter('gap:500'), between('gap', 500, 501))
    assert.deepEqual(parseFilter('time:>1.001s'), {
      ...{ kind: 'number', field: 'time', comparison: '>', value: 1001 },
    })
    assert.deepEqual(parseFilter('size:1.1k'), {
      kind: 'number',
      field: 'size',
      comparison: '==',
      value: 1100,
    })
  })

  it('binds not tighter than and, and tighter than or; terms side by side mean and', () => {
    const a = { kind: 'text', text: 'a' }
    const b = { kind: 'text', text: 'b' }
    const c = { kind: 'text', text: 'c' }
    assert.deepEqual(parseFilter('a b or not c'), {
      kind: 'or',
      items: [
        { kind: 'and', items: [a, b] },
        { kind: 'not', item: c },
      ],
    })
    assert.deepEqual(parseFilter('a and (b OR c)'), {
      kind: 'and',
      items: [a, { kind: 'or', items: [b, c] }],
    })
    assert.deepEqual(parseFilter('not not a'), { kind: 'not', item: { kind: 'not', item: a } })
  })

  it('parses a range that includes both ends', () => {
    assert.deepEqual(parseFilter('size:1k..2KiB'), {
      kind: 'and',
      items: [
        { kind: 'number', field: 'size', comparison: '>=', value: 1000 },
        { kind: 'number', field: 'size', comparison: '<=', value: 2048 },
      ],
    })
  })

  it('reports what is wrong and where', () => {
    const cases: readonly [string, RegExp, string][] = [
      ['dir:up', /in or out/, 'dir:up'],
      ['type:frog', /^type is text, binary, connect/, 'type:frog'],
      ['a size:big', /size is a number of bytes/, 'size:big'],
      ['size:>1k..2k', /size is a number of bytes/, 'size:>1k..2k'],
      ['colour:red', /no field colour; the fields are dir, type/, 'colour:red'],
      ['number:5..3', /number is the number of an event/, 'number:5..3'],
      ['number:,', /number is the number of an event/, 'number:,'],
      ['(a or b', /not closed/, '('],
      ['a)', /no opening one/, ')'],
      ['a or', /missing at the end/, 'r'],
      ['or a', /missing here/, 'or'],
      ['"open', /closing quote/, '"open'],
      ['/open', /closing slash/, '/open'],
      ['/[/', /bracket is not closed.*\\\[/, '[/'],
      ['/a[b', /closing slash/, '/a[b'],
      ['/(/', /not a regular expression/, '/(/'],
      ['/a/qq', /not a regular expression/, '/a/qq'],
      ['$.a[', /not closed/, '['],
      ['$.a ==', /A value must follow/, '=='],
      ['a $.user-id', /write such a name as \$\["user-id"\]/, '-id'],
      ['$100', /To search for the text, put it in quotes/, '100'],
      ['$.a.', /name is missing after this dot/, '.'],
      ['$..', /name is missing after this dot/, '..'],
      ['$.a. == 1', /name is missing after this dot/, '.'],
      ['$.a[0]b', /write such a name as/, 'b'],
      ['$.a == "x', /closing quote/, '"x'],
      ["$.a == 'x", /closing quote/, "'x"],
      ['$.a == "\\u00"', /not a JSON string/, '"\\u00"'],
      ['<div>', /A JSON path must come before <.+put it in quotes/, '<'],
      ['Error: no', /no field Error;/, 'Error:'],
      ['$.a > (', /A value must follow/, '('],
      ['price > 100', /A JSON path must come before >/, '>'],
      ['conn:0', /number of a connection/, 'conn:0'],
    ]
    for (const [text, message, marked] of cases) {
      const mistake = mistakeIn(text)
      assert.match(mistake.message, message, text)
      assert.equal(mistake.marked, marked, text)
    }
  })

  it('is rejected if it is nested too deeply', () => {
    assert.match(mistakeIn('('.repeat(100_000)).message, /nested 100 levels deep/)
    assert.match(mistakeIn('not '.repeat(100_000)).message, /nested 100 levels deep/)
  })

  it('made of anything at all is a tree or an error inside the text', () => {
    const pieces = [
      '(',
      ')',
      '"',
      '/',
      '$',
      '.',
      '[',
      ']',
      ':',
      'size',
      '>',
      '==',
      ' ',
      'or',
      'not',
      '1k',
      'a',
      '\\',
      "'",
    ]
    let seed = 7
    const random = () => {
      seed = (seed * 16807) % 2147483647
      return seed
    }
    for (let round = 0; round < 5000; round++) {
      const text = Array.from({ length: random() % 12 }, () => pieces[random() % pieces.length]).join('')
      try {
        parseFilter(text)
      } catch (thrown) {
        assert.ok(thrown instanceof FilterError, `${text}: ${String(thrown)}`)
        assert.ok(thrown.start >= 0 && thrown.start <= thrown.end && thrown.end <= text.length, text)
      }
    }
  })
})

describe('numbers with units', () => {
  it('are bytes, milliseconds and session times', () => {
    assert.equal(parseSize('200'), 200)
    assert.equal(parseSize('1.5kib'), 1536)
    assert.equal(parseSize('2M'), 2e6)
    assert.equal(parseSize('2x'), undefined)
    assert.equal(parseDuration('1.5s'), 1500)
    assert.equal(parseDuration('20'), 20)
    assert.equal(parseTime('1:00:00.5'), 3_600_500)
    assert.equal(parseTime('90s'), 90_000)
    assert.equal(parseTime('soon'), undefined)
  })
})

/** The paths in the locations that debuggers report. */
import assert from 'node:assert/strict'
import { absolutePathOf, pathSegments, sharedEnding } from '../../src/vscode/attach/source-path.ts'

describe('the path of a location', () => {
  for (const [file, expected] of [
    ['http://localhost:5173/src/main.ts?t=17#a', 'src/main.ts'],
    ['http://localhost:5173/', 'index.html'],
    ['http://localhost:5173', 'index.html'],
    ['webpack:///./src/x.ts', 'src/x.ts'],
    ['webpack://shop/./src/x.ts?a1b2', 'src/x.ts'],
    ['webpack-internal:///(app-pages-browser)/./app/page.tsx', '(app-pages-browser)/app/page.tsx'],
    ['turbopack://[project]/app/page.tsx', 'app/page.tsx'],
    ['file:///home/me/a%20b.ts', 'home/me/a b.ts'],
    ['/home/me/a b.ts', 'home/me/a b.ts'],
    ['C:\\shop\\src\\x.ts', 'C:/shop/src/x.ts'],
    ['http://localhost:5173/@fs/home/me/lib.ts', 'home/me/lib.ts'],
    ['../../src/x.ts', 'src/x.ts'],
    ['http://h/%E0%A4%A', '%E0%A4%A'],
    [`http://h/${'a'.repeat(5000)}`, ''],
    ['', ''],
  ] as const)
    it(`of ${file.slice(0, 60) || 'nothing'} is ${expected || 'empty'}`, () => {
      assert.equal(pathSegments(file).join('/'), expected)
    })

  it('never leads up', () => {
    for (const file of ['http://h/a/../../etc/passwd', 'webpack:///../../../etc/passwd', '/a/../etc/passwd'])
      assert.deepEqual(pathSegments(file), ['etc', 'passwd'], file)
  })

  it('is absolute in file URLs, paths, and URLs by which Vite serves files', () => {
    assert.equal(absolutePathOf('file:///a/b.ts'), '/a/b.ts')
    assert.equal(absolutePathOf('file:///C:/a/b.ts'), 'C:/a/b.ts')
    assert.equal(absolutePathOf('/a/b.ts'), '/a/b.ts')
    assert.equal(absolutePathOf('c:\\a\\b.ts'), 'c:\\a\\b.ts')
    assert.equal(absolutePathOf('http://localhost:5173/@fs/a/b.ts?v=1'), '/a/b.ts')
    assert.equal(absolutePathOf('http://localhost:5173/a/b.ts'), undefined)
    assert.equal(absolutePathOf('webpack:///a/b.ts'), undefined)
    assert.equal(absolutePathOf('node:internal/process'), undefined)
  })

  it('is compared from its end', () => {
    assert.equal(sharedEnding(['src', 'a.ts'], ['w', 'src', 'a.ts']), 2)
    assert.equal(sharedEnding(['lib', 'a.ts'], ['w', 'src', 'a.ts']), 1)
    assert.equal(sharedEnding(['src', 'b.ts'], ['w', 'src', 'a.ts']), 0)
    assert.equal(sharedEnding([], ['a.ts']), 0)
  })
})

import assert from 'node:assert/strict'
import { sourceMapNamedIn } from '../../src/attach/source-map-texts.ts'

describe('the source map of a script', () => {
  it('is named by the comment at its end', () => {
    assert.equal(sourceMapNamedIn('run()\n//# sourceMappingURL=app.js.map\n'), 'app.js.map')
    assert.equal(sourceMapNamedIn('run()//@sourceMappingURL=app.js.map'), 'app.js.map')
    assert.equal(sourceMapNamedIn('//# sourceMappingURL=old.map\n//# sourceMappingURL=new.map'), 'new.map')
  })

  it('is not named elsewhere', () => {
    for (const script of [
      'run()',
      '//# sourceMappingURL=app.js.map\nrun()',
      'print("//# sourceMappingURL=app.js.map")',
      '# sourceMappingURL=app.js.map',
    ])
      assert.equal(sourceMapNamedIn(script), '', script)
  })

  it('is not searched for ever in a line with very many comments', () => {
    assert.equal(sourceMapNamedIn(`${'//#sourceMappingURL='.repeat(200_000)}'`), '')
  })
})

import { describe, expect, it } from 'vitest'
import { isIgnored, LayoutSurvey, placementOf } from '../../src/datasets/import/layout.js'

function placements(paths: string[], { mayHaveTopFolder = false } = {}): Record<string, string> {
  const survey = new LayoutSurvey()
  for (const path of paths) survey.add(path)
  const layout = survey.layout({ mayHaveTopFolder })
  return Object.fromEntries(
    paths.map((path) => {
      const found = placementOf(path, layout)
      return [path, 'reason' in found ? 'refused' : `${found.label} ${found.folder ?? '-'}`]
    }),
  )
}

describe('layouts', () => {
  it('take the first folder for the class, however deep the file lies', () => {
    expect(placements(['cat/1.jpg', 'dog/2019/2.jpg'])).toEqual({ 'cat/1.jpg': 'cat -', 'dog/2019/2.jpg': 'dog -' })
  })

  it('know split folders by their names, in any case', () => {
    expect(
      placements(['train/cat/1.jpg', 'val/cat/2.jpg', 'Valid/dog/3.jpg', 'validation/dog/4.jpg', 'TEST/a/5.jpg']),
    ).toEqual({
      'train/cat/1.jpg': 'cat TRAIN',
      'val/cat/2.jpg': 'cat VALIDATION',
      'Valid/dog/3.jpg': 'dog VALIDATION',
      'validation/dog/4.jpg': 'dog VALIDATION',
      'TEST/a/5.jpg': 'a TEST',
    })
  })

  it("read Kaggle's flat names, inside train/ too", () => {
    expect(placements(['cat.17.jpg', 'guinea.pig.3.png'])).toEqual({
      'cat.17.jpg': 'cat -',
      'guinea.pig.3.png': 'guinea.pig -',
    })
    expect(placements(['train/cat.17.jpg', 'test/1.jpg'])).toEqual({
      'train/cat.17.jpg': 'cat TRAIN',
      'test/1.jpg': 'refused',
    })
  })

  it('take a folder "train" for a class where nothing in it has a label of its own', () => {
    expect(placements(['train/1.jpg', 'bus/2.jpg'])).toEqual({ 'train/1.jpg': 'train -', 'bus/2.jpg': 'bus -' })
  })

  it('refuse what has no label', () => {
    expect(placements(['picture.jpg'])).toEqual({ 'picture.jpg': 'refused' })
  })

  it("look through an archive's one top folder, unless it is a class or a split itself", () => {
    const archive = { mayHaveTopFolder: true }
    expect(placements(['pets/cat/1.jpg', 'pets/dog/2.jpg', 'pets/README.md'], archive)).toEqual({
      'pets/cat/1.jpg': 'cat -',
      'pets/dog/2.jpg': 'dog -',
      'pets/README.md': 'refused',
    })
    expect(placements(['pets/train/cat/1.jpg', 'pets/val/dog.2.jpg'], archive)).toEqual({
      'pets/train/cat/1.jpg': 'cat TRAIN',
      'pets/val/dog.2.jpg': 'dog VALIDATION',
    })
    expect(placements(['train/cat/1.jpg', 'train/dog/2.jpg'], archive)).toEqual({
      'train/cat/1.jpg': 'cat TRAIN',
      'train/dog/2.jpg': 'dog TRAIN',
    })
    expect(placements(['cat/1.jpg', 'cat/2.jpg'], archive)).toEqual({ 'cat/1.jpg': 'cat -', 'cat/2.jpg': 'cat -' })
    expect(placements(['pets/cat/1.jpg', 'pets/dog/2.jpg'])).toEqual({
      'pets/cat/1.jpg': 'pets -',
      'pets/dog/2.jpg': 'pets -',
    })
  })

  it('ignore what computers leave behind', () => {
    expect(['.DS_Store', '__MACOSX', 'Thumbs.db', '.hidden'].every(isIgnored)).toBe(true)
    expect(isIgnored('cat.jpg')).toBe(false)
  })
})

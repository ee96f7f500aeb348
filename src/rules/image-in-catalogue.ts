import { type Failure, isFailure } from '../model/failure.ts';
import { type Note, note } from '../model/note.ts';
import type { Rule, RuleContext } from './rule.ts';

export const imageInCatalogue: Rule = {
  id: 'image-in-catalogue',
  summary: 'The image of an app is a folder that exists, where the home runs images from folders.',
  doc: `The embedded homes run images from folders of the workspace: \`images:\` in rehome.yaml says which
folder holds which image. A version whose folder does not exist would only fail in the middle of a
deployment, after its migration perhaps. This rule looks before anything changes; its note has the id
\`missing-image\`.`,
  check(context) {
    const { findImage, built } = context;
    if (!findImage) return [];
    const { services, jobs, crons } = built.app;
    const images = new Set([...services, ...jobs, ...crons].map(({ image }) => image));
    return [...images].flatMap((image) => {
      const folder = findImage(image);
      return isFailure(folder) ? [missing(image, folder, context)] : [];
    });
  },
};

function missing(image: string, failure: Failure, { workspace, built }: RuleContext): Note {
  const own = built.app.services[0]?.image === image && built.place('image');
  const place = workspace.images ? workspace.place(['images']) : own || built.place('app_name');
  return note('missing-image', 'error', failure.message, {
    hint: workspace.images
      ? 'make the folder, or correct the version or the catalogue `images:` in rehome.yaml'
      : 'say where images are with `images:` in rehome.yaml',
    place,
    subject: `image ${image}`,
  });
}

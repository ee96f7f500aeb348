/** Shows what a chart says where the pointer is; without it the browser's own hints do. */
export const script = `
'use strict';
const tip = document.getElementById('tip');
for (const part of document.querySelectorAll('.hits rect')) {
  const title = part.querySelector('title');
  part.dataset.says = title.textContent;
  title.remove();
}
addEventListener('pointerover', (event) => {
  const says = event.target.closest('.hits rect')?.dataset.says;
  tip.hidden = says === undefined;
  if (says !== undefined) tip.textContent = says;
});
addEventListener('pointermove', (event) => {
  if (tip.hidden) return;
  const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
  const over = event.clientY - tip.offsetHeight - 14;
  tip.style.left = Math.max(8, left) + 'px';
  tip.style.top = (over > 8 ? over : event.clientY + 20) + 'px';
});
`;

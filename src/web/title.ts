/**
 * The title of the tab: which page is shown, and how many prompts wait.
 */
let page = "Sluice";
let waiting = 0;

export function showTitle(title: string): void {
  page = title;
  show();
}

export function showWaiting(count: number): void {
  waiting = count;
  show();
}

function show(): void {
  document.title = waiting === 0 ? page : `(${waiting}) ${page}`;
}

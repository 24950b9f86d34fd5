/** Hands a file to the reader, as a download; nothing of it stays in the page. */
export function save(name: string, type: string, content: BlobPart): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // by then the browser has it
}

/** A pseudonym as part of a file's name: what systems refuse there becomes "_". */
export function inFileName(text: string): string {
  return text.replace(/[^\p{L}\p{N}._-]/gu, '_').slice(0, 60);
}

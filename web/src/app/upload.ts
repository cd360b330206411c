/*
 * Files to where the server wants them (draft/FILEHOST), with progress.
 * What belongs here: one request. What must not: the field one drops them on.
 */

import type { Credentials } from "../irc/sasl";
import type { Isupport } from "../irc/isupport";

/** The address that takes files, or null. */
export function fileHost(tokens: Isupport, here: string): string | null {
  const value = tokens["draft/FILEHOST"] ?? tokens["soju.im/FILEHOST"] ?? tokens.FILEHOST;
  if (!value) return null;
  try {
    const url = new URL(value, here);
    return url.origin === new URL(here).origin ? url.href : null; // a page may send files to its own server only
  } catch {
    return null;
  }
}

/** Send one file; the address under which it can be had. Rejects with the status, 0 when nothing was reached. */
export function upload(host: string, file: File, credentials: Credentials | undefined, onProgress: (part: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", host);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
    if (credentials) request.setRequestHeader("Authorization", `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${credentials.account}:${credentials.password}`)))}`);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Error("0"));
    request.onload = () => {
      const location = request.getResponseHeader("Location");
      if (request.status === 201 && location) resolve(new URL(location, host).href);
      else reject(new Error(String(request.status)));
    };
    request.send(file);
  });
}

declare module '@vscode/test-web/out/server/main.js' {
  import type { Server } from 'node:http';

  export interface Configuration {
    build: { type: 'static'; location: string };
    extensionDevelopmentPath: string;
    extensionTestsPath?: string;
    folderMountPath: string;
  }

  export function runServer(host: string, port: number | undefined, config: Configuration): Promise<Server>;
}

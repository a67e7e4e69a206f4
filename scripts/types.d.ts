declare module '@vscode/test-web/out/server/app.js' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:http';

  export interface Configuration {
    build: { type: 'static'; location: string };
    extensionDevelopmentPath: string;
    extensionTestsPath?: string;
    folderMountPath: string;
  }

  /** A Koa application; its `error` event has what went wrong with a request. */
  export interface Application extends EventEmitter {
    listen(port: number, host: string): Server;
  }

  const module: { default(config: Configuration): Promise<Application> };
  export default module;
}

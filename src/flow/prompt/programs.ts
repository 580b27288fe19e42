/**
 * What is known of programs: which reach the network, destroy, run others, write the files they are given.
 *
 * Owns: the tables. Never: reads a command (shell.ts) or judges one (risk.ts).
 */

const toSet = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** They talk to other machines whatever they are told to do. */
export const NETWORK: ReadonlySet<string> = toSet(
  "curl wget wget2 nc ncat netcat socat telnet ssh scp sftp ftp tftp lftp aria2c axel http https xh curlie dig nslookup host drill ping ping6 traceroute tracepath mtr whois nmap masscan mail mailx sendmail mutt msmtp swaks gh glab hub aws gcloud gsutil bq az doctl kubectl helm terraform tofu pulumi ansible ansible-playbook docker docker-compose podman nerdctl buildah skopeo heroku vercel netlify flyctl fly wrangler firebase rclone s3cmd mc ngrok cloudflared tailscale chisel frpc croc magic-wormhole wormhole yt-dlp youtube-dl lynx links w3m elinks npx pnpx bunx uvx pipx mosh autossh sshfs mount.nfs smbclient ldapsearch snmpwalk mosquitto_pub mosquitto_sub websocat grpcurl brew apt apt-get aptitude yum dnf pacman yay zypper apk snap flatpak choco scoop winget nix nix-shell nix-env twine gem-push ssh-keyscan resolvectl xdg-open open firefox chromium chromium-browser google-chrome microsoft-edge safari ztcp",
);

/** They do with some of their words: `git push`, `npm install`. The first word that is no option decides. */
export const NETWORK_VERBS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    "git",
    toSet(
      "push pull fetch clone ls-remote send-email request-pull svn p4 lfs daemon http-push imap-send",
    ),
  ],
  ["hg", toSet("push pull clone incoming outgoing email")],
  ["svn", toSet("checkout co commit ci update up export import")],
  [
    "npm",
    toSet(
      "install i in ins isntall add ci install-ci-test cit install-test it publish unpublish update up upgrade exec x create init innit audit login adduser logout deprecate dist-tag owner access token team search view info show outdated ping whoami star profile hook org rebuild",
    ),
  ],
  [
    "pnpm",
    toSet(
      "install i add update up upgrade publish dlx create fetch import audit outdated login exec",
    ),
  ],
  ["yarn", toSet("install add upgrade up publish dlx create npm audit outdated login set")],
  ["bun", toSet("install i add update x create publish upgrade outdated pm")],
  ["deno", toSet("install add cache deploy upgrade publish jupyter")],
  ["pip", toSet("install download wheel index search")],
  ["uv", toSet("add sync pip tool lock publish run venv python self")],
  ["poetry", toSet("install add update publish lock self source")],
  ["pdm", toSet("install add update publish lock sync")],
  ["conda", toSet("install create update env search")],
  ["mamba", toSet("install create update env search")],
  ["gem", toSet("install update push fetch sources")],
  ["bundle", toSet("install update add outdated")],
  ["cargo", toSet("install publish add update fetch login search yank owner binstall")],
  ["go", toSet("get install mod")],
  ["composer", toSet("install require update create-project global")],
  ["mix", toSet("deps.get hex.publish archive.install")],
  ["dotnet", toSet("add restore publish nuget tool")],
  ["mvn", toSet("deploy install dependency:get release:perform")],
  ["openssl", toSet("s_client s_server ocsp")],
  ["rustup", toSet("install update toolchain component target self")],
  ["code", toSet("--install-extension tunnel")],
]);

export const DESTRUCTION: ReadonlySet<string> = toSet(
  "rm rmdir unlink shred srm wipe dd mkfs mke2fs fdisk sfdisk gdisk parted wipefs blkdiscard hdparm truncate kill killall pkill xkill shutdown reboot halt poweroff init systemctl service launchctl crontab at batch userdel groupdel deluser usermod passwd chpasswd dropdb dropuser mkswap swapoff umount losetup cryptsetup lvremove vgremove pvremove zpool mount setcap fuser iptables nft ufw sysctl modprobe insmod rmmod chattr diskutil tmutil csrutil defaults trash",
);

export const DESTRUCTIVE_VERBS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    "git",
    toSet(
      "clean reset restore rm gc prune filter-branch filter-repo reflog update-ref stash replace",
    ),
  ],
  ["redis-cli", toSet("flushall flushdb")],
  ["npm", toSet("unpublish")],
]);

/** They act as somebody else. */
export const AS_ANOTHER: ReadonlySet<string> = toSet(
  "sudo doas su pkexec runuser gosu su-exec run0 osascript",
);

/** They run the words that follow their options; the value says which options take a word of their own. */
export const RUNNERS: ReadonlyMap<string, RegExp> = new Map([
  ["sudo", /^-(?:[ugpCDhrtTU]|-(?:user|group|prompt|chdir|host|role|type))$/],
  ["doas", /^-[uC]$/],
  ["pkexec", /^--user$/],
  ["run0", /^(?:-u|--user)$/],
  ["env", /^-(?:[uC]|-(?:unset|chdir))$/],
  ["nohup", /^$/],
  ["setsid", /^$/],
  ["time", /^-[fo]$/],
  ["timeout", /^-[ks]$|^--(?:signal|kill-after)$/],
  ["gtimeout", /^-[ks]$|^--(?:signal|kill-after)$/],
  ["nocorrect", /^$/],
  ["-", /^$/],
  // What is left of `time -p`.
  ["-p", /^$/],
  ["repeat", /^$/],
  ["nice", /^-n$/],
  ["ionice", /^-[cnp]$/],
  ["chrt", /^-[pT]$/],
  ["taskset", /^$/],
  ["stdbuf", /^-[ioe]$/],
  ["xargs", /^-[IidEeLlnPsa]$/],
  ["parallel", /^-[jNnLaX]$/],
  ["command", /^$/],
  ["builtin", /^$/],
  ["exec", /^-a$/],
  ["noglob", /^$/],
  ["busybox", /^$/],
  ["toybox", /^$/],
  ["caffeinate", /^-[tw]$/],
  ["flock", /^-[EwW]$/],
  ["strace", /^-[eopsuX]$/],
  ["ltrace", /^-[eopsu]$/],
  ["unshare", /^$/],
  ["watch", /^-[n]$/],
  ["entr", /^$/],
  ["unbuffer", /^$/],
  ["dbus-run-session", /^$/],
  ["proxychains", /^-f$/],
  ["proxychains4", /^-f$/],
  ["torsocks", /^$/],
]);
/** Runners that take a word of their own before the command: a duration, a file. */
export const RUNNERS_WITH_WORD: ReadonlySet<string> = toSet(
  "timeout gtimeout flock taskset chrt repeat",
);

/** They run some of their words, with options of their own in between: each word may begin a command. */
export const CARRIERS: ReadonlySet<string> = toSet(
  "nsenter chroot start-stop-daemon runcon prlimit numactl firejail bwrap setarch linux32 linux64 faketime fakeroot ccache catchsegv rlwrap ssh-agent xvfb-run dbus-launch eatmydata perf valgrind chpst setpriv capsh hyperfine sg pipenv poetry bundle direnv mise asdf nvm conda mamba hatch rye dotenv cross-env lerna npm flock time",
);
/** Their words are read as the text of a command once more. */
export const REREADERS: ReadonlySet<string> = toSet(
  "watch concurrently hyperfine nodemon entr parallel sg flock capsh",
);
/** What they run stands in a language, or in a place, that is not read here. */
export const OPAQUE: ReadonlySet<string> = toSet(
  "coproc script expect tmux screen gdb lldb systemd-run dbus-send gdbus busctl loginctl ld.so ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ed m4 dc zmodload newgrp instmodsh",
);
/** Other agents, and this one: what they are told is a command as well. */
export const AGENTS: ReadonlySet<string> = toSet(
  "claude codex gemini aider opencode goose cursor-agent copilot sluice",
);

export const SHELLS: ReadonlySet<string> = toSet(
  "sh bash dash zsh ksh mksh ash fish csh tcsh yash rbash",
);

/** Programs that run code from their own line, and the options that give it. */
export const INTERPRETERS: ReadonlyMap<string, RegExp> = new Map([
  ["python", /^-[A-Za-z]*[cm]/],
  ["node", /^(?:-[A-Za-z]*[ep]|--eval|--print)/],
  ["deno", /^eval$/],
  ["bun", /^(?:-e|--eval)/],
  ["tsx", /^(?:-e|--eval|-p)/],
  ["perl", /^-[A-Za-z]*[eE]/],
  ["ruby", /^-[A-Za-z]*e/],
  ["php", /^-[A-Za-z]*r/],
  ["lua", /^-e/],
  ["Rscript", /^-e/],
  ["osascript", /^-e/],
  ["pwsh", /^-/],
  ["powershell", /^-/],
  ["tclsh", /^$/],
]);

/** Programs whose words are files that they write: all of them, or the last one. */
export const WRITERS: ReadonlyMap<string, "all" | "last"> = new Map([
  ["cp", "last"],
  ["mv", "all"],
  ["install", "last"],
  // A link out of the folder is a way out of it.
  ["ln", "all"],
  ["patch", "all"],
  ["ex", "all"],
  ["rsync", "last"],
  ["ditto", "last"],
  ["touch", "all"],
  ["mkdir", "all"],
  ["mkfifo", "all"],
  ["mknod", "all"],
  ["tee", "all"],
  ["sponge", "all"],
  ["chmod", "all"],
  ["chown", "all"],
  ["chgrp", "all"],
  ["setfacl", "all"],
]);

/** Variables that change which program runs, or what it loads. */
export const STEERING_VARIABLES: RegExp =
  /^(?:PATH|LD_\w+|DYLD_\w+|BASH_ENV|ENV|BASH_FUNC_[^=]*|BASHOPTS|SHELLOPTS|CDPATH|ZDOTDIR|PROMPT_COMMAND|PS4|IFS|GIT_\w*(?:COMMAND|EDITOR|PAGER|ASKPASS|DIR|EXEC_PATH|SSH|PROXY\w*)|GIT_CONFIG\w*|GIT_EXTERNAL_DIFF|GIT_TEMPLATE_DIR|GIT_WORK_TREE|XDG_CONFIG_\w+|LESSOPEN|LESSCLOSE|MANPAGER|MANOPT|MAKEFLAGS|GNUMAKEFLAGS|RSYNC_RSH|RSYNC_CONNECT_PROG|TAR_OPTIONS|FZF_DEFAULT_COMMAND|CC|CXX|LD|GOFLAGS|RUSTC\w*|CARGO_(?:HOME|BUILD_RUSTC\w*|TARGET_\w*(?:RUNNER|LINKER))|LUA_(?:INIT|PATH|CPATH)\w*|EDITOR|VISUAL|PAGER|BROWSER|NODE_OPTIONS|NODE_PATH|PYTHON(?:PATH|STARTUP|HOME|BREAKPOINT|USERBASE|WARNINGS)|PERL5OPT|PERL5LIB|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS|npm_config_\w+|HOME|SHELL|CLAUDE_\w+|ANTHROPIC_\w+)\+?=/;

/** Settings of git that make it run something. */
export const STEERING_SETTINGS: RegExp =
  /^(?:core\.(?:hookspath|fsmonitor|sshcommand|editor|pager|askpass|gitproxy|worktree)|alias\.|filter\.|credential\.|diff\.|difftool\.|mergetool\.|merge\.|pager\.|sequence\.editor|gpg\.|protocol\.|url\.|http\.|include|init\.templatedir|uploadpack\.|remote\..*\.(?:uploadpack|receivepack|vcs|url|pushurl)|submodule\.)/i;

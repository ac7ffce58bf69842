#!/bin/sh
javascript=/* # To Node.js, by which Yarn starts this, all down to "exit" is a comment. As a script it starts ktx in a
# twentieth of the time that Node.js needs to start.
here=$(readlink -f -- "$0") || exit 1
export KTX_LAUNCHER="$here"

@START@
# Says that the platform's package is not there, and by which command this project's package manager takes it in.
missing() {
  name_manager
  name_install
  echo 'The package @PLATFORM_PACKAGE@, which holds ktx for this machine, is not installed.' >&2
  say "$manager leaves it out where optional packages are not wanted, and when it installed on another kind of machine." \
    "$install"
}

# Sets $top, the folder that has node_modules, and $manager by who made it: for everybody, for one command, or for a project, where
# the manager that started this says its name, and the lock file does too.
name_manager() {
  top=${here%%/node_modules/*}
  top=${top%%/.yarn/*}
  case $here in
    *'/global/'*'/.pnpm/'*) manager=pnpm scope=global ;;
    *'/yarn/global/'*) manager=Yarn scope=global ;;
    *'/install/global/'*) manager=bun scope=global ;;
    *'/_npx/'*) manager=npm scope=once ;;
    *'bunx-'*) manager=bun scope=once ;;
    *) name_manager_of_project ;;
  esac
}

name_manager_of_project() {
  manager='' scope=project folder=$top
  case ${npm_config_user_agent-} in
    npm/*) manager=npm ;;
    pnpm/*) manager=pnpm ;;
    yarn/1.*) manager=Yarn ;;
    yarn/*) manager='Yarn 4' ;;
    bun/*) manager=bun ;;
  esac
  until [ -n "$manager" ]; do
    if [ -e "$folder/pnpm-lock.yaml" ]; then manager=pnpm
    elif [ -e "$folder/bun.lock" ] || [ -e "$folder/bun.lockb" ]; then manager=bun
    elif [ -e "$folder/.yarnrc.yml" ]; then manager='Yarn 4'
    elif [ -e "$folder/yarn.lock" ]; then manager=Yarn
    elif [ -e "$folder/package-lock.json" ] || [ -z "$folder" ]; then manager=npm
    fi
    folder=${folder%/*}
  done
  if [ "$manager" = npm ] && [ "${top%/lib}" != "$top" ] && [ ! -e "$top/package.json" ]; then scope=global; fi
}

name_install() {
  case $manager-$scope in
    npm-global) install='Run: npm install --global --include=optional @kaelio/ktx' ;;
    npm-once) install="Run: rm -r '$top' && npx --include=optional @kaelio/ktx" ;;
    pnpm-global) install='Run: pnpm add --global @kaelio/ktx' ;;
    pnpm-project) install='Run: pnpm install --config.optional=true' ;;
    Yarn-global) install='Run: yarn global add --force @kaelio/ktx' ;;
    Yarn-project) install='Run: yarn install --force' ;;
    'Yarn 4-project') install='See that supportedArchitectures in .yarnrc.yml has this machine, then run: yarn install' ;;
    bun-global) install='Run: bun add --global @kaelio/ktx' ;;
    bun-once) install="Run: rm -r '$top' && bunx @kaelio/ktx" ;;
    bun-project) install='Run: bun install --force' ;;
    *) install='Run: npm install --include=optional @kaelio/ktx' ;;
  esac
}

# The package is where Node.js would look: in node_modules of this package's own folder, then of each folder above it. Under
# Yarn's Plug'n'Play only Node.js can tell.
program=${KTX_FOUND-}
unset KTX_FOUND
start "$@"
folder=${here%/bin/*}
until [ -e "$program" ]; do
  program=$folder/node_modules/@PLATFORM_PACKAGE@/bin/ktx
  start "$@"
  if [ "$folder" = "${folder%/*}" ]; then break; fi
  folder=${folder%/*}
done
explain
exit 1 # */ 'from here on'

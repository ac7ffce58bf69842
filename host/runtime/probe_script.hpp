#pragma once

namespace ktx::runtime {

/// Run as `python -I -S -c <script> [<prefix>]`; prints one JSON object. It is kept to what every Python 3
/// understands, so that an old one is rejected for its version and not for a syntax error.
inline constexpr const char* probe_script = R"(
import json, os, sys, sysconfig

def present(values):
    return [value for value in values if value]

def libraries(variable):
    names = present([variable('INSTSONAME'), variable('LDLIBRARY')])
    names = [name for name in names if not name.endswith('.a')]
    # Another Python's library of the same name may lie there, so only for the system's own.
    multiarch = variable('MULTIARCH') if sys.base_prefix == '/usr' else None
    directories = present([
        os.path.join(sys.base_prefix, 'lib'), variable('LIBDIR'),
        multiarch and os.path.join('/usr/lib', multiarch), os.path.join(sys.base_prefix, 'lib64'),
        variable('LIBPL'), os.path.join(sys.base_exec_prefix, 'lib'), variable('PYTHONFRAMEWORKPREFIX')])
    return [os.path.join(directory, name) for directory in directories for name in names]

def packages(prefix):
    if not prefix:
        return []
    places = {'base': prefix, 'platbase': prefix}
    return [sysconfig.get_path(name, 'venv', places) for name in ('purelib', 'platlib')]

def unique(values):
    return [value for i, value in enumerate(values) if value not in values[:i]]

prefix = sys.argv[1] if len(sys.argv) > 1 else ''
variable = sysconfig.get_config_var
standard = [path for path in sys.path if path and not path.endswith('.zip')]
print(json.dumps({
    'implementation': sys.implementation.name,
    'version': '.'.join(str(number) for number in sys.version_info[:3]),
    'numbers': list(sys.version_info[:3]),
    'soabi': variable('SOABI') or '',
    'freeThreaded': bool(variable('Py_GIL_DISABLED')),
    'debug': hasattr(sys, 'gettotalrefcount'),
    'executable': sys.executable or '',
    'baseExecutable': getattr(sys, '_base_executable', None) or sys.executable or '',
    'basePrefix': sys.base_prefix,
    'libraries': unique(libraries(variable)),
    'searchPaths': unique(standard + packages(prefix)),
}))
)";

}  // namespace ktx::runtime

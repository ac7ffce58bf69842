#pragma once

namespace ktx::test {

/// Python that writes a real, tiny wheel: argv is the folder, the normalised name and the version. The
/// wheel has the package ktx_daemon and the script ktx-daemon, and is the same for the same arguments.
inline constexpr const char* wheel_script = R"(
import base64, hashlib, os, sys, zipfile

folder, name, version = sys.argv[1:]
info = f'{name}-{version}.dist-info'
files = {
    f'{name}_package/__init__.py': f'version = {version!r}\n',
    f'{info}/METADATA': f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n',
    f'{info}/WHEEL': 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
}
if name == 'kaelio_ktx':
    files['ktx_daemon/__init__.py'] = ''
    files['ktx_daemon/__main__.py'] = 'def main():\n    print("daemon")\n'
    files['ktx_daemon/embeddings/__init__.py'] = ''
    files['ktx_daemon/embeddings/prepare.py'] = (
        'import pathlib, sys\n'
        'made = pathlib.Path(sys.prefix, "share/ktx/embeddings/model.onnx")\n'
        'made.parent.mkdir(parents=True)\n'
        'made.write_text("graph")\n')
    files[f'{info}/entry_points.txt'] = '[console_scripts]\nktx-daemon = ktx_daemon.__main__:main\n'
record = ''
for path, text in files.items():
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()
    record += f'{path},sha256={digest},{len(text.encode())}\n'
files[f'{info}/RECORD'] = record + f'{info}/RECORD,,\n'
with zipfile.ZipFile(os.path.join(folder, f'{name}-{version}-py3-none-any.whl'), 'w') as wheel:
    for path, text in files.items():
        wheel.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), text)
)";

}  // namespace ktx::test

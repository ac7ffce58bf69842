# The wheel, its locks and the asset manifest, laid out below build/assets/python.

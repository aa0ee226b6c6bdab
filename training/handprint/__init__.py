"""The net for hand-printed characters: from pen strokes and fonts to ``ocr/weights/handprint-2.onnx``."""

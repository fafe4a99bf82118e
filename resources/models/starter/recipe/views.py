# SPDX-License-Identifier: GPL-3.0-or-later
"""Random views of a batch of pictures, made on the GPU: crop, mirror, colours, and a loss of detail that hides which
data set a picture is from (lower resolution, blur or sharpening, noise, JPEG)."""
import math

import torch
from torch.nn import functional as F

MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)
COARSE = 64  # Pixels a side: what every data set at hand has.
SIDES = [(0, 0.30), (96, 0.14), (80, 0.10), (64, 0.20), (48, 0.13), (40, 0.07), (32, 0.06)]  # 0: as it is.
LUMA = torch.tensor([[16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55],
                     [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
                     [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
                     [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99]])  # ITU-T T.81, K.1


def uniform(n, low, high, like):
    return torch.empty(n, device=like.device).uniform_(low, high)


def cropped(x, smallest):
    """x: [N, 3, S, S] in 0..1; `smallest`: [N], least share of the area."""
    n = x.shape[0]
    area = smallest + (1 - smallest) * torch.rand(n, device=x.device)
    farther = torch.rand(n, device=x.device) < 0.25  # Mirrored at the borders; things are small in many photographs.
    area = torch.where(farther, uniform(n, 1, 1.8, x), area)
    aspect = torch.exp(uniform(n, -math.log(4 / 3) / 2, math.log(4 / 3) / 2, x))
    width, height = area.sqrt() * aspect, area.sqrt() / aspect
    width, height = (torch.where(farther, side, side.clamp(max=1)) for side in (width, height))
    theta = torch.zeros(n, 2, 3, device=x.device)
    angle = uniform(n, -0.12, 0.12, x) * (torch.rand(n, device=x.device) < 0.3)
    mirror = torch.where(torch.rand(n, device=x.device) < 0.5, -1.0, 1.0)
    theta[:, 0, 0] = width * mirror * angle.cos()
    theta[:, 0, 1] = -height * angle.sin()
    theta[:, 1, 0] = width * mirror * angle.sin()
    theta[:, 1, 1] = height * angle.cos()
    theta[:, 0, 2] = (1 - width).abs() * uniform(n, -1, 1, x)
    theta[:, 1, 2] = (1 - height).abs() * uniform(n, -1, 1, x)
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    return F.grid_sample(x, grid.to(x.dtype), mode='bilinear', padding_mode='reflection', align_corners=False)


def jittered(x):
    n = x.shape[0]
    brightness, contrast, saturation = (uniform(n, 0.65, 1.35, x)[:, None, None, None] for _ in range(3))
    grey = (x * x.new_tensor([0.299, 0.587, 0.114])[None, :, None, None]).sum(1, keepdim=True)
    x = grey + saturation * (x - grey)
    mean = grey.mean((2, 3), keepdim=True)
    x = brightness * (mean + contrast * (x - mean))
    tint = 1 + 0.08 * torch.randn(n, 3, 1, 1, device=x.device)
    return (x * tint).clamp(0, 1)


def blurred(x):
    kernel = x.new_tensor([1, 4, 6, 4, 1]) / 16
    kernel = (kernel[:, None] * kernel)[None, None].expand(3, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode='replicate'), kernel, groups=3)


def dct_matrix(like):
    """[64, 64]: from the pixels of a block, row by row, to its coefficients."""
    k = torch.arange(8, device=like.device, dtype=torch.float32)
    m = torch.cos((2 * k[None] + 1) * k[:, None] * math.pi / 16) / 2
    m[0] /= math.sqrt(2)
    return torch.kron(m, m)


def compressed(x, quality):
    """As a baseline JPEG of `quality` [N] would leave x, without chroma subsampling; sides are multiples of 8."""
    n, _, h, w = x.shape
    to = x.new_tensor([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
    offset = x.new_tensor([128, 0, 0])[:, None]
    transform = dct_matrix(x)
    blocks = x.view(n, 3, h // 8, 8, w // 8, 8).permute(0, 2, 4, 1, 3, 5).reshape(n, -1, 3, 64)
    blocks = (to @ blocks * 255 - offset) @ transform.T
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality) / 100
    table = (LUMA.to(x.device).float().reshape(1, 64) * scale[:, None]).clamp(1, 255)
    coarse = torch.stack([table, table * 1.3, table * 1.3], 1)[:, None]
    blocks = (blocks / coarse).round() * coarse
    blocks = torch.linalg.inv(to) @ (blocks @ transform + offset) / 255
    return blocks.view(n, h // 8, w // 8, 3, 8, 8).permute(0, 3, 1, 4, 2, 5).reshape(n, 3, h, w).clamp(0, 1)


def poorer(x, side):
    """One resolution for the whole of x; everything else differs from picture to picture."""
    n, full = x.shape[0], x.shape[-1]
    if side:
        x = F.interpolate(x, (side, side), mode='bilinear', antialias=True, align_corners=False)
    amount = uniform(n, -0.9, 0.9, x) * (torch.rand(n, device=x.device) < 0.5)
    x = x + amount[:, None, None, None] * (blurred(x) - x)
    noise = uniform(n, 0, 0.035, x) * (torch.rand(n, device=x.device) < 0.25)
    x = (x + noise[:, None, None, None] * torch.randn_like(x)).clamp(0, 1)
    small = compressed(x, uniform(n, 18, 95, x))
    x = torch.where((torch.rand(n, device=x.device) < 0.7)[:, None, None, None], small, x)
    if side:
        mode = 'bicubic' if torch.rand(()) < 0.6 else 'bilinear'
        x = F.interpolate(x, (full, full), mode=mode, align_corners=False).clamp(0, 1)
    return x


def normalised(x):
    mean, deviation = (torch.tensor(v, device=x.device)[None, :, None, None] for v in (MEAN, DEVIATION))
    return (x - mean) / deviation


def random_views(pictures, smallest, chunks=16):
    """pictures: uint8 [N, S, S, 3] in random order -> normalised float [N, 3, S, S], and which of them are coarse [N]."""
    sides, shares = zip(*SIDES)
    x = jittered(cropped(pictures.permute(0, 3, 1, 2).float() / 255, smallest))
    out, coarse = [], []
    for part in x.chunk(chunks):
        side = sides[torch.multinomial(torch.tensor(shares), 1).item()]
        out.append(poorer(part, side))
        coarse.append(torch.full((len(part),), 0 < side <= COARSE, device=x.device))
    return normalised(torch.cat(out)), torch.cat(coarse)

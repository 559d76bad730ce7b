import { describe, expect, test } from 'vitest';
import type { ReasonCode } from '../../../contract/errors.ts';
import { plainReason } from './plain-reason.ts';

describe('why a provider does not serve, in plain words', () => {
  test.each<[string, ReasonCode, string, string]>([
    [
      'webgpu',
      'INVALID_MODEL',
      'webgpu cannot be had on this machine: webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters.',
      'no graphics adapter was found',
    ],
    [
      'cuda',
      'INVALID_MODEL',
      'cuda cannot be had on this machine: OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library.',
      'the runtime finds no CUDA library',
    ],
    ['cuda', 'INVALID_MODEL', 'CUDA failure 100: no CUDA-capable device is detected', 'no NVIDIA graphics card or driver was found'],
    ['webgpu', 'INVALID_MODEL', 'webgpu did not answer within 15 s.', 'it did not answer in time'],
    ['coreml', 'INVALID_MODEL', 'coreml cannot be had on this machine: backend not found.', 'the runtime does not have it'],
    ['dml', 'INVALID_MODEL', 'dml_provider_factory.cc:71 HRESULT 887A0004', 'it cannot be started on this machine'],
    ['webgpu', 'INVALID_MODEL_OUTPUT', 'The network did not run: conv.cc:9 a::b<c>() false', 'the network does not run on it'],
    ['webgpu', 'PROCESS_DIED', 'The process that runs the networks ended.', 'its process ended'],
    ['webgpu', 'OUT_OF_MEMORY', 'There is not enough memory', 'there was not enough memory'],
  ])('[12-environment] %s, %s: %s', (provider, code, message, wanted) => {
    expect(plainReason(provider, { code, message })).toBe(wanted);
  });
});

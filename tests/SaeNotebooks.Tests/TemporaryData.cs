using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests;

/// <summary>A data folder of its own for as long as it lives: the model <c>tiny</c> with an SAE after block 1, and the model <c>bare</c> without.</summary>
internal sealed class TemporaryData : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable(DataFolder.Variable);

    public TemporaryData()
    {
        Folder = Directory.CreateTempSubdirectory("data").FullName;
        foreach (var name in new[] { "tiny", "bare" })
            foreach (var file in new[] { "config.json", "model.safetensors" })
            {
                Directory.CreateDirectory(Path.Combine(Folder, "models", name));
                File.Copy(Golden.PathOf("llama", file), Path.Combine(Folder, "models", name, file));
            }
        SaveSae(Path.Combine(Folder, "saes", "tiny", "blocks.1.hook_resid_post"));
        Environment.SetEnvironmentVariable(DataFolder.Variable, Folder);
    }

    public string Folder { get; }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(DataFolder.Variable, _before);
        Directory.Delete(Folder, recursive: true);
    }

    private static void SaveSae(string folder)
    {
        using var scope = NewDisposeScope();
        using var sae = new Sae(new SaeConfig { Hook = Hook.ResidPost(1), ModelName = "tiny" }, new TopK(4), randn(48, 96), randn(96, 48), zeros(96), zeros(48));
        SaeLensFormat.Save(sae, folder);
    }
}
